//! `/api/images`: images that are attached to messages.

use chrono::{DateTime, Utc};
use domain::{ids::ImageId, images::Image};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::App;

mod show;
mod upload;

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(show::show)).routes(routes!(upload::upload))
}

/// An image.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ImageView {
    id: ImageId,
    content_type: String,
    bytes: i64,
    width: i32,
    height: i32,
    /// Where it is served to its owner.
    url: String,
    created_at: DateTime<Utc>,
}

impl From<Image> for ImageView {
    fn from(image: Image) -> Self {
        let Image { id, content_type, bytes, width, height, created_at } = image;
        Self { id, content_type, bytes, width, height, url: format!("/api/images/{id}"), created_at }
    }
}
