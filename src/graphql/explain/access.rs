//! What a database does for a statement, in the same words for both: the indexes it uses, the tables it reads whole, and
//! whether it sorts. Of the values it looks for nothing is kept.

use sea_orm::{DbBackend, QueryResult};
use serde_json::Value;

use crate::error::Result;

/// What stands before a statement that is to be explained.
pub(super) fn explain(backend: DbBackend) -> &'static str {
    match backend {
        DbBackend::Sqlite => "EXPLAIN QUERY PLAN",
        _ => "EXPLAIN (FORMAT JSON)",
    }
}

/// What the database answered, in the order of its plan, each thing once.
pub(super) fn read(backend: DbBackend, rows: &[QueryResult]) -> Result<Vec<String>> {
    let mut found = Vec::new();
    for row in rows {
        if backend == DbBackend::Sqlite {
            found.extend(of_sqlite(&row.try_get_by_index::<String>(3)?));
        } else {
            let plans: Value = row.try_get_by_index(0)?;
            of_postgres(&plans[0]["Plan"], "", &mut found);
        }
    }
    let mut once = Vec::with_capacity(found.len());
    for one in found {
        if !once.contains(&one) {
            once.push(one);
        }
    }
    Ok(once)
}

/// `SEARCH agreement USING INDEX ix_agreement_status (status=?)`, `SCAN agreement`, `USE TEMP B-TREE FOR ORDER BY`.
fn of_sqlite(line: &str) -> Option<String> {
    if line.starts_with("USE TEMP B-TREE") {
        return Some(sorts());
    }
    let (verb, rest) = line.split_once(' ')?;
    let (table, how) = rest.split_once(' ').unwrap_or((rest, ""));
    // The parents' keys are a virtual table.
    if table.starts_with('(') || how.starts_with("VIRTUAL TABLE") || table == "CONSTANT" {
        return None;
    }
    let index = how.split_once("INDEX ").and_then(|(_, index)| index.split(' ').next());
    match (verb, index) {
        ("SEARCH", Some(index)) if index.starts_with('(') => Some(finds(table, "an index made for this statement")),
        ("SEARCH", index) => Some(finds(table, index.unwrap_or("rowid"))),
        ("SCAN", Some(index)) => Some(walks(table, index)),
        ("SCAN", None) => Some(scans(table)),
        _ => None,
    }
}

/// A node of a plan and those below it. The index of a bitmap stands below the table that it is of.
fn of_postgres(plan: &Value, above: &str, found: &mut Vec<String>) {
    let text = |name: &str| plan[name].as_str();
    let (node, index) = (text("Node Type").unwrap_or_default(), text("Index Name").unwrap_or_default());
    let table = text("Relation Name").unwrap_or(above);
    match node {
        "Seq Scan" => found.push(scans(table)),
        "Index Scan" | "Index Only Scan" | "Bitmap Index Scan" => {
            found.push(if text("Index Cond").is_some() { finds(table, index) } else { walks(table, index) });
        }
        "Sort" | "Incremental Sort" => found.push(sorts()),
        _ => {}
    }
    let below = plan["Plans"].as_array().map(Vec::as_slice).unwrap_or_default();
    for plan in below {
        of_postgres(plan, table, found);
    }
}

fn finds(table: &str, index: &str) -> String {
    format!("finds {table} by {index}")
}

/// Reads in the order of an index until there is enough.
fn walks(table: &str, index: &str) -> String {
    format!("walks {table} along {index}")
}

fn scans(table: &str) -> String {
    format!("scans {table}")
}

fn sorts() -> String {
    "sorts".to_owned()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{of_postgres, of_sqlite};

    #[test]
    fn what_sqlite_does_is_told() {
        let told = |line: &str| of_sqlite(line).unwrap_or_default();
        assert_eq!(told("SCAN agreement"), "scans agreement");
        assert_eq!(told("SCAN agreement USING INDEX ix_a_id"), "walks agreement along ix_a_id");
        assert_eq!(told("SCAN agreement USING COVERING INDEX ix_a_id"), "walks agreement along ix_a_id");
        assert_eq!(told("SEARCH user USING INDEX ux_login (login=?)"), "finds user by ux_login");
        assert_eq!(told("SEARCH user USING COVERING INDEX ux_login (login>?)"), "finds user by ux_login");
        assert_eq!(told("SEARCH item USING INTEGER PRIMARY KEY (rowid=?)"), "finds item by rowid");
        let automatic = "SEARCH item USING AUTOMATIC COVERING INDEX (agreement_id=?)";
        assert_eq!(told(automatic), "finds item by an index made for this statement");
        assert_eq!(told("USE TEMP B-TREE FOR LAST TERM OF ORDER BY"), "sorts");
        for nothing in [
            "SCAN parent VIRTUAL TABLE INDEX 1:",
            "CORRELATED SCALAR SUBQUERY 2",
            "LIST SUBQUERY 1",
            "SCAN (subquery-1)",
        ] {
            assert_eq!(told(nothing), "", "{nothing}");
        }
    }

    #[test]
    fn what_postgresql_does_is_told() {
        let by_bitmap = json!({ "Node Type": "Bitmap Index Scan", "Index Name": "ix_b", "Index Cond": "(b = $1)" });
        let heap = json!({ "Node Type": "Bitmap Heap Scan", "Relation Name": "item", "Plans": [by_bitmap] });
        let walk = json!({ "Node Type": "Index Only Scan", "Relation Name": "agreement", "Index Name": "ix_a" });
        let find = json!({ "Node Type": "Index Scan", "Relation Name": "user", "Index Name": "ux_u", "Index Cond": "(u = $1)" });
        let all = json!({ "Node Type": "Seq Scan", "Relation Name": "region", "Filter": "(name = 'hidden')" });
        let keys = json!({ "Node Type": "Function Scan", "Alias": "parent" });
        let loops = json!({ "Node Type": "Nested Loop", "Plans": [keys, heap, walk, find, all] });
        let plan = json!({ "Node Type": "Limit", "Plans": [{ "Node Type": "Sort", "Plans": [loops] }] });
        let mut found = Vec::new();
        of_postgres(&plan, "", &mut found);
        let expected =
            ["sorts", "finds item by ix_b", "walks agreement along ix_a", "finds user by ux_u", "scans region"];
        assert_eq!(found, expected);
    }
}
