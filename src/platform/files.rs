//! The file store: bytes under generated keys. A folder on this machine; `object_store` would speak to S3 alike.
//!
//! A file appears whole or not at all: what arrives is staged beside its place, synced to the disk and then renamed.
//! Which record a file belongs to and who may read it is none of the store's business.

use std::{ops::Range, path::PathBuf, time::Duration};

use aws_lc_rs::digest;
use bytes::Bytes;
use chrono::{DateTime, Utc};
use futures_util::{Stream, StreamExt, TryStreamExt, stream::BoxStream};
use object_store::{ObjectStore, ObjectStoreExt, WriteMultipart, local::LocalFileSystem, path::Path};
use tokio::sync::OnceCell;
use uuid::Uuid;

use super::event::hexadecimal;
use crate::error::{Code, Error, Problem, Result, Text};

/// Bytes written at a time.
const PART: usize = 1 << 20;
/// How long the sender may be silent.
const PATIENCE: Duration = Duration::from_secs(30);

/// The file store.
#[derive(Debug)]
pub struct Files {
    directory: PathBuf,
    store: OnceCell<LocalFileSystem>,
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
    /// Files in this folder, which is made when the first one comes.
    #[must_use]
    pub fn new(directory: PathBuf) -> Self {
        Self { directory, store: OnceCell::new() }
    }

    async fn store(&self) -> Result<&LocalFileSystem> {
        let open = || async {
            tokio::fs::create_dir_all(&self.directory).await.map_err(Error::internal)?;
            let store = LocalFileSystem::new_with_prefix(&self.directory).map_err(Error::internal)?;
            Ok(store.with_fsync(true))
        };
        self.store.get_or_try_init(open).await
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
        let mut file = WriteMultipart::new_with_chunk_size(upload, PART);
        match write(&mut file, bytes, most).await {
            Ok(stored) => {
                file.finish().await.map_err(Error::internal)?;
                Ok(stored)
            }
            Err(error) => {
                file.abort().await.map_err(Error::internal)?;
                Err(error)
            }
        }
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
