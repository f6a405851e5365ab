//! The images that notes of a deck name.

use std::collections::HashMap;

use anki::Media;
use domain::{
    ids::ImageId,
    images::{self, Image},
};
use files::{Files, Name};
use sqlx::PgConnection;

use crate::error::{ApiError, ApiResult};

/// The most bytes of all images of a file: they are held in memory.
const MOST: usize = 256 << 20;

/// Those that are there, each by what its file is called.
#[derive(Debug, Default)]
pub(super) struct Pictures(HashMap<ImageId, Image>);

impl Pictures {
    /// Looks up more of them.
    pub(super) async fn find(&mut self, conn: &mut PgConnection, ids: &[ImageId]) -> ApiResult<()> {
        let new: Vec<ImageId> = ids.iter().filter(|id| !self.0.contains_key(id)).copied().collect();
        if !new.is_empty() {
            let found = images::find_all(conn, &new).await?;
            self.0.extend(found.into_iter().map(|image| (image.id, image)));
        }
        Ok(())
    }

    /// What an image is called in a package.
    pub(super) fn name(&self, id: ImageId) -> Option<String> {
        self.0.get(&id).map(name)
    }
}

fn name(image: &Image) -> String {
    let extension = if image.content_type == "image/png" { "png" } else { "jpg" };
    format!("{}.{extension}", image.id)
}

/// Reads their files.
pub(super) async fn read(files: &Files, pictures: Pictures) -> ApiResult<Vec<Media>> {
    let size = |image: &Image| usize::try_from(image.bytes).unwrap_or(0);
    if pictures.0.values().map(size).fold(0, usize::saturating_add) > MOST {
        return Err(ApiError::Conflict(
            "The images of this deck have more than 256 MB. Export the decks in it one by one.",
        ));
    }
    let mut media = Vec::with_capacity(pictures.0.len());
    for image in pictures.0.values() {
        if let Some(bytes) = files.read_whole(Name::Image(image.id), MOST).await? {
            media.push(Media { name: name(image), bytes });
        }
    }
    media.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(media)
}
