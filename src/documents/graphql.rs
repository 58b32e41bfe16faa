//! Documents as clients see them.

use async_graphql::{Context, ID, Object, SimpleObject};
use entity::{
    document::{self, DocumentStatus, DocumentStep},
    event,
};
use sea_orm::Order;

use super::{Address, DocumentConfirmInput, DocumentDownloadCreateInput, DocumentUploadCreateInput, store};
use crate::{
    audit::graphql::Event,
    error::Result,
    graphql::{BigInt, Connection, DateTime, Payload, Url, asked, by_id, column, facts, many, one},
    identity::graphql::Person,
    organizations::graphql::Organization,
    platform::lifecycle::Stepped,
    view,
};

view! {
    /// A scan or an attachment of a record 文件. Whoever sees the files of the record sees it; before it is confirmed,
    /// the organization that sends it alone.
    pub Document of document, seen by store::visible_to, is Node;

    /// The id 标识.
    id: ID = column(Id);
    /// The name of the file 文件名.
    name: String = column(Name);
    /// What it is, by its content; what was announced, until the bytes are there 文件类型.
    media_type: Option<String> = column(MediaType);
    /// How long it is, in bytes 字节数.
    bytes: Option<BigInt> = column(Bytes);
    /// SHA-256 of its content, 64 hexadecimal digits 文件哈希.
    sha256: Option<String> = column(Sha256);
    /// Where it stands 状态.
    status: DocumentStatus = column(Status);
    /// The organization that attached it 上传单位.
    organization: Option<Organization> = one(OrganizationId);
    /// The person who attached it 上传人.
    uploaded_by: Option<Person> = one(UploadedById);
    /// The steps you can take now: show exactly these buttons 可执行步骤.
    open_steps: Vec<DocumentStep> = facts(store::facts_of, Stepped::open_steps);
    /// Who did what to it, and when 办理记录.
    history: Connection<Event> = many(event::Column::RecordId).order(event::Column::Link, Order::Asc);
    /// Rises with every change 版本.
    version: i32 = column(Version);
    /// When it was announced 创建时间.
    created_at: DateTime = column(CreatedAt);
    /// When it last changed 更新时间.
    updated_at: DateTime = column(UpdatedAt);
}

view! {
    /// Queries about documents.
    pub DocumentQueries root;

    /// The document with this id 文件.
    document: Option<Document> = by_id();
}

/// Where to send a file 上传地址.
#[derive(Debug, SimpleObject)]
pub struct DocumentUpload {
    /// The document that waits for its bytes 文件.
    pub document: Option<Document>,
    /// Send the bytes here with `PUT`, once. Whoever holds the address may use it 上传地址.
    pub url: Url,
    /// Until when 有效期至.
    pub expires_at: DateTime,
}

/// Where to fetch a file 下载地址.
#[derive(Debug, SimpleObject)]
pub struct DocumentDownload {
    /// The document 文件.
    pub document: Option<Document>,
    /// Fetch the bytes here with `GET`. Whoever holds the address may use it 下载地址.
    pub url: Url,
    /// Until when 有效期至.
    pub expires_at: DateTime,
}

impl From<Address> for DocumentUpload {
    fn from(address: Address) -> Self {
        let Address { document, url, expires_at } = address;
        Self { document: Some(Document(document)), url: Url(url), expires_at: DateTime(expires_at) }
    }
}

impl From<Address> for DocumentDownload {
    fn from(address: Address) -> Self {
        let Address { document, url, expires_at } = address;
        Self { document: Some(Document(document)), url: Url(url), expires_at: DateTime(expires_at) }
    }
}

/// Mutations of documents.
#[derive(Debug, Default)]
pub struct DocumentMutations;

#[Object]
impl DocumentMutations {
    /// Gives an address to which a file can be sent, once, within 15 minutes; it answers the `PUT` with kind, length and
    /// hash of what arrived. Accepted: PDF, PNG, JPEG, TIFF, OFD, DOCX, XLSX. Who may: whoever may attach files to the
    /// record; for an agreement the admin of a party that signs 申请上传.
    async fn document_upload_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is asked 内容.")] input: DocumentUploadCreateInput,
    ) -> Result<Payload<DocumentUpload>> {
        let (app, actor) = asked(ctx)?;
        Payload::of(super::create_upload(app, actor, &input).await.map(DocumentUpload::from))
    }

    /// Says that the right file arrived, which attaches it to its record. Who may: the person who asked for the
    /// address 确认上传.
    async fn document_confirm(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is asked 内容.")] input: DocumentConfirmInput,
    ) -> Result<Payload<Document>> {
        let (app, actor) = asked(ctx)?;
        Payload::of(super::confirm(app, actor, &input).await.map(Document))
    }

    /// Gives an address from which the file can be fetched within 5 minutes. Who may: whoever sees the document
    /// 申请下载.
    async fn document_download_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is asked 内容.")] input: DocumentDownloadCreateInput,
    ) -> Result<Payload<DocumentDownload>> {
        let (app, actor) = asked(ctx)?;
        Payload::of(super::download(app, actor, &input).await.map(DocumentDownload::from))
    }
}
