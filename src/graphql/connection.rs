//! Relay connections: their types, their arguments, and planning what is asked of them.

use async_graphql::{
    InputType, OutputType, ServerResult,
    indexmap::IndexMap,
    registry::{MetaField, MetaInputValue, ObjectBuilder, Registry},
};

use super::{
    page::LARGEST,
    plan::{Child, ConnectionShape, EdgeMember, Level, Member, PageMember, Part, What},
    planner::{Planner, internal},
    register::{argument, object, plain_field},
    select::{Asked, collect},
    source::{Of, Rows},
    view::Definition,
};

const PAGE_INFO: &str = "PageInfo";

/// Registers the connection of a view and gives its type.
pub(super) fn register(
    view: &'static Definition,
    node: fn(&mut Registry) -> String,
    registry: &mut Registry,
) -> String {
    let name = format!("{}Connection", view.name);
    if !registry.types.contains_key(&name) {
        // Holds the place, because a view may lead back to itself.
        registry.types.insert(name.clone(), ObjectBuilder::new(name.as_str(), IndexMap::new()).build());
        let node = node(registry);
        let edge = edge(view.name, node.clone(), registry);
        let page_info = page_info(registry);
        let count = <i32 as OutputType>::create_type_info(registry);
        let fields = vec![
            plain_field("edges", format!("[{edge}]!"), "The rows of this page, each with its cursor 本页各条及游标."),
            plain_field("nodes", format!("[{node}]!"), "The rows of this page 本页各条."),
            plain_field("pageInfo", page_info, "Whether and where to read on 分页信息."),
            plain_field(
                "totalCount",
                count,
                "How many rows there are on all pages; costs nothing unless asked for 总数.",
            ),
        ];
        let docs = format!("A page of a list of {} 分页列表.", view.name);
        registry.types.insert(name.clone(), object(&name, &docs, "Connection", fields));
    }
    format!("{name}!")
}

fn edge(view: &str, node: String, registry: &mut Registry) -> String {
    let name = format!("{view}Edge");
    let cursor = <String as OutputType>::create_type_info(registry);
    let fields = vec![
        plain_field("cursor", cursor, "Where the row stands in this list 游标."),
        plain_field("node", node, "The row 该条."),
    ];
    let docs = format!("A {view} and where it stands in the list 列表中的一条.");
    registry.types.insert(name.clone(), object(&name, &docs, "Edge", fields));
    format!("{name}!")
}

fn page_info(registry: &mut Registry) -> String {
    let flag = <bool as OutputType>::create_type_info(registry);
    let cursor = <Option<String> as OutputType>::create_type_info(registry);
    let fields: Vec<MetaField> = vec![
        plain_field("hasNextPage", flag.clone(), "Whether there are rows after this page 是否有下一页."),
        plain_field("hasPreviousPage", flag, "Whether there are rows before this page 是否有上一页."),
        plain_field("startCursor", cursor.clone(), "Where the first row of this page stands 首条游标."),
        plain_field("endCursor", cursor, "Where the last row of this page stands 末条游标."),
    ];
    let docs = "Whether and where to read on 分页信息.";
    registry.types.insert(PAGE_INFO.to_owned(), object(PAGE_INFO, docs, PAGE_INFO, fields));
    format!("{PAGE_INFO}!")
}

/// The arguments of a connection.
pub(super) fn arguments(rows: &Rows, registry: &mut Registry) -> Vec<(String, MetaInputValue)> {
    let size = <Option<i32> as InputType>::create_type_info(registry);
    let cursor = <Option<String> as InputType>::create_type_info(registry);
    let how_many = |which: &str, zh: &str| format!("How many, {which}: 1 to {LARGEST}, 20 if left out {zh}.");
    let mut arguments = vec![
        argument("first", size.clone(), &how_many("from the front", "自前取条数")),
        argument("after", cursor.clone(), "After the row with this cursor; goes with first 自此游标之后."),
        argument("last", size, &how_many("from the back", "自后取条数")),
        argument("before", cursor, "Before the row with this cursor; goes with last 至此游标之前."),
    ];
    if let Some(filter) = rows.filter {
        arguments.push(argument("filter", (filter.register)(registry), "Which rows 筛选条件."));
    }
    if let Some(order_by) = rows.order_by {
        arguments.push(argument("orderBy", (order_by.register)(registry), "In which order 排序方式."));
    }
    arguments
}

impl<'a> Planner<'a> {
    /// Plans one statement for the rows, whether they are asked for as nodes, edges or both, and one for their number.
    pub(super) fn connection(
        &mut self,
        list: &str,
        rows: &Rows,
        (target, asked): (Of, &Asked<'a>),
        parent: &mut Level,
    ) -> ServerResult<What<'a>> {
        let (by, mut level) = self.page(list, rows, (target, asked), parent)?;
        let view = target();
        let type_name = format!("{}Connection", view.name);
        let applies = |condition: &str| condition == type_name;
        let mut members = Vec::new();
        for asked in collect(self.env(), &asked.selections(), &applies) {
            let member = match asked.name() {
                "__typename" => Member::TypeName,
                "nodes" => Member::Nodes(self.shape(view, &asked.selections(), &mut level)),
                "edges" => Member::Edges(self.edges(view, &asked, &mut level)),
                "pageInfo" => Member::PageInfo(self.page_info(&asked)),
                "totalCount" => Member::TotalCount,
                _ => continue,
            };
            members.push((asked.key, member));
        }
        let shape = ConnectionShape { type_name, cursor_at: want(&members, &mut level)?, members };
        parent.children.push(Child { by, level });
        Ok(What::Connection { child: parent.children.len() - 1, by, shape })
    }

    fn edges(
        &mut self,
        view: &'static Definition,
        asked: &Asked<'a>,
        level: &mut Level,
    ) -> Vec<(&'a str, EdgeMember<'a>)> {
        let type_name = format!("{}Edge", view.name);
        let asked = collect(self.env(), &asked.selections(), &|condition: &str| condition == type_name);
        let members = asked.into_iter().filter_map(|asked| {
            let member = match asked.name() {
                "__typename" => EdgeMember::TypeName,
                "cursor" => EdgeMember::Cursor,
                "node" => EdgeMember::Node(self.shape(view, &asked.selections(), level)),
                _ => return None,
            };
            Some((asked.key, member))
        });
        members.collect()
    }

    fn page_info(&self, asked: &Asked<'a>) -> Vec<(&'a str, PageMember)> {
        let asked = collect(self.env(), &asked.selections(), &|condition: &str| condition == PAGE_INFO);
        let members = asked.into_iter().filter_map(|asked| {
            let member = match asked.name() {
                "__typename" => PageMember::TypeName,
                "hasNextPage" => PageMember::HasNextPage,
                "hasPreviousPage" => PageMember::HasPreviousPage,
                "startCursor" => PageMember::StartCursor,
                "endCursor" => PageMember::EndCursor,
                _ => return None,
            };
            Some((asked.key, member))
        });
        members.collect()
    }
}

/// Notes what the members need: rows, their number, and what cursors are made of.
fn want(members: &[(&str, Member<'_>)], level: &mut Level) -> ServerResult<Option<(usize, usize)>> {
    let wanted = level.rows.as_mut().ok_or_else(|| internal("a list of a view without rows"))?;
    wanted.count = members.iter().any(|(_, member)| matches!(member, Member::TotalCount));
    wanted.rows = members.iter().any(|(_, member)| !matches!(member, Member::TotalCount | Member::TypeName));
    let cursors = members.iter().any(|(_, member)| match member {
        Member::Edges(members) => members.iter().any(|(_, member)| matches!(member, EdgeMember::Cursor)),
        Member::PageInfo(members) => {
            members.iter().any(|(_, member)| matches!(member, PageMember::StartCursor | PageMember::EndCursor))
        }
        _ => false,
    });
    let Part::Page(page) = &wanted.part else { return Ok(None) };
    let (sort, key) = (page.sort.column, wanted.table.key);
    Ok(cursors.then(|| (wanted.place(sort), wanted.place(key))))
}
