//! The file store: bytes under generated keys, in a folder on this machine or in a bucket that speaks S3.
//!
//! A file appears whole or not at all: in a folder, what arrives is staged beside its place, synced to the disk and then
//! renamed; in a bucket, its parts become a file when the last one has arrived. Which record a file belongs to and who may
//! read it is none of the store's business.

use std::{ops::Range, path::PathBuf, sync::Arc, time::Duration};

use aws_lc_rs::digest;
use bytes::Bytes;
use chrono::{DateTime, Utc};
use futures_util::{Stream, StreamExt, TryStreamExt, stream::BoxStream};
use object_store::{
    ObjectStore, ObjectStoreExt, RetryConfig, WriteMultipart, aws::AmazonS3Builder, local::LocalFileSystem, path::Path,
    prefix::PrefixStore,
};
use tokio::{runtime::Handle, sync::OnceCell};
use uuid::Uuid;

use super::event::hexadecimal;
use crate::{
    error::{Code, Error, Problem, Result, Text},
    settings::Settings,
};

/// Bytes written at a time: the least that S3 takes, but for the last part.
const PART: usize = 5 << 20;
/// How long the sender may be silent.
const PATIENCE: Duration = Duration::from_secs(30);
/// How often a bucket that fails is asked again, and for how long.
const RETRIES: (usize, Duration) = (3, Duration::from_secs(20));

/// The file store.
#[derive(Debug)]
pub struct Files {
    place: Place,
    store: OnceCell<Arc<dyn ObjectStore>>,
}

#[derive(Debug)]
enum Place {
    Folder(PathBuf),
    Bucket { builder: Box<AmazonS3Builder>, prefix: String },
}

/// What arrived.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    /// How many bytes.
    pub bytes: u64,
    /// SHA-256, 64 hexadecimal digits.
    pub sha256: String,
}

impl Files {
    /// The files of these settings. A folder is made when the first one comes.
    #[must_use]
    pub fn new(settings: &Settings) -> Self {
        let place = match settings.files_bucket() {
            None => Place::Folder(settings.data_dir.join("files")),
            Some((bucket, prefix)) => {
                Place::Bucket { builder: Box::new(builder(settings, bucket)), prefix: prefix.to_owned() }
            }
        };
        Self { place, store: OnceCell::new() }
    }

    async fn store(&self) -> Result<&Arc<dyn ObjectStore>> {
        self.store.get_or_try_init(|| self.open()).await
    }

    async fn open(&self) -> Result<Arc<dyn ObjectStore>> {
        match &self.place {
            Place::Folder(folder) => {
                tokio::fs::create_dir_all(folder).await.map_err(Error::internal)?;
                let store = LocalFileSystem::new_with_prefix(folder).map_err(Error::internal)?;
                Ok(Arc::new(store.with_fsync(true)))
            }
            Place::Bucket { builder, prefix } => {
                let store = builder.as_ref().clone().build().map_err(Error::internal)?;
                Ok(Arc::new(PrefixStore::new(store, prefix.as_str())))
            }
        }
    }

    /// Whether a bucket can be reached with these settings: asked once, before anything is served.
    ///
    /// # Errors
    /// When it cannot, naming the settings.
    pub async fn check(&self) -> Result<()> {
        let Place::Bucket { .. } = self.place else { return Ok(()) };
        let first = self.store().await?.list(None).next().await.transpose();
        first.map(drop).map_err(|error| {
            Error::internal(format!(
                "the bucket that files_url names cannot be read with files_endpoint, files_region, files_access_key and \
                 files_secret_key ({error})"
            ))
        })
    }

    /// Keeps what a stream brings, up to `most` bytes, counted as they come. Nothing is left of what did not end well.
    ///
    /// # Errors
    /// `LIMIT_EXCEEDED` when there are more; `INVALID_INPUT` when the sender stopped before the end; TIMEOUT when the
    /// sender fell silent.
    pub async fn put<S, E>(&self, key: &str, bytes: S, most: u64) -> Result<Stored>
    where
        S: Stream<Item = Result<Bytes, E>> + Send,
        E: std::error::Error + Send + Sync,
    {
        let upload = self.store().await?.put_multipart(&Path::from(key)).await.map_err(Error::internal)?;
        let mut draft = Draft(Some(WriteMultipart::new_with_chunk_size(upload, PART)));
        let written = match &mut draft.0 {
            Some(file) => write(file, bytes, most).await,
            None => Err(Error::internal("a draft without a file")),
        };
        let Some(file) = draft.0.take() else { return written };
        if written.is_ok() {
            file.finish().await.map_err(Error::internal)?;
        } else if let Err(error) = file.abort().await {
            tracing::warn!(%error, "what came of a file could not be removed");
        }
        written
    }

    /// The file under a key, as it is read, and how long it is. `None` when there is none.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn get(&self, key: &str) -> Result<Option<(u64, BoxStream<'static, Result<Bytes>>)>> {
        match self.store().await?.get(&Path::from(key)).await {
            Ok(file) => Ok(Some((file.meta.size, file.into_stream().map_err(Error::internal).boxed()))),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(Error::internal(error)),
        }
    }

    /// Some of a file's bytes.
    ///
    /// # Errors
    /// When there is no such file, or it is shorter.
    pub async fn part(&self, key: &str, range: Range<u64>) -> Result<Bytes> {
        self.store().await?.get_range(&Path::from(key), range).await.map_err(Error::internal)
    }

    /// Removes a file; none is fine.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn remove(&self, key: &str) -> Result<()> {
        match self.store().await?.delete(&Path::from(key)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(Error::internal(error)),
        }
    }

    /// The keys of all files that came before that moment.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn before(&self, moment: DateTime<Utc>) -> Result<Vec<String>> {
        let files: Vec<_> = self.store().await?.list(None).try_collect().await.map_err(Error::internal)?;
        let old = files.into_iter().filter(|file| file.last_modified < moment);
        Ok(old.map(|file| file.location.to_string()).collect())
    }
}

/// A file in the making. When the sender goes away, nothing of it is left.
struct Draft(Option<WriteMultipart>);

impl Drop for Draft {
    fn drop(&mut self) {
        let (Some(file), Ok(runtime)) = (self.0.take(), Handle::try_current()) else { return };
        runtime.spawn(async move {
            if let Err(error) = file.abort().await {
                tracing::warn!(%error, "what came of a file could not be removed");
            }
        });
    }
}

fn builder(settings: &Settings, bucket: &str) -> AmazonS3Builder {
    let (max_retries, retry_timeout) = RETRIES;
    let retry = RetryConfig { max_retries, retry_timeout, ..RetryConfig::default() };
    let builder = AmazonS3Builder::new()
        .with_bucket_name(bucket)
        .with_region(&settings.files_region)
        .with_access_key_id(settings.files_access_key.reveal())
        .with_secret_access_key(settings.files_secret_key.reveal())
        .with_allow_http(settings.files_endpoint.starts_with("http://"))
        .with_retry(retry);
    if settings.files_endpoint.is_empty() { builder } else { builder.with_endpoint(&settings.files_endpoint) }
}

/// A new place for a file; 256 folders, so that none holds too many.
#[must_use]
pub fn place(key: Uuid) -> String {
    let name = key.simple().to_string();
    format!("{}/{name}", &name[name.len() - 2..])
}

async fn write<S, E>(file: &mut WriteMultipart, bytes: S, most: u64) -> Result<Stored>
where
    S: Stream<Item = Result<Bytes, E>> + Send,
    E: std::error::Error + Send + Sync,
{
    let mut bytes = std::pin::pin!(bytes);
    let (mut count, mut hash) = (0, digest::Context::new(&digest::SHA256));
    while let Some(chunk) = tokio::time::timeout(PATIENCE, bytes.next()).await.map_err(|_| Error::timeout())? {
        let chunk = chunk.map_err(|_| broken_off())?;
        count += chunk.len() as u64;
        if count > most {
            return Err(too_large(most));
        }
        hash.update(&chunk);
        file.wait_for_capacity(1).await.map_err(Error::internal)?;
        file.put(chunk);
    }
    Ok(Stored { bytes: count, sha256: hexadecimal(hash.finish().as_ref()) })
}

fn too_large(most: u64) -> Error {
    Error::limit_exceeded(Text::new(
        format!("The file is too large: {most} bytes are allowed."),
        format!("文件过大：最多 {most} 字节。"),
    ))
}

fn broken_off() -> Error {
    Problem::new(Code::InvalidInput, Text::new("The upload broke off.", "上传中断。")).into()
}
