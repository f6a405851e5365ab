//! An image, for its owner.

use axum::{
    body::Body,
    extract::State,
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use domain::{ids::ImageId, images};
use files::Name;

use crate::{
    App,
    caller::SignedInUser,
    documents::file,
    error::{ApiError, ApiResult, ErrorBody},
    extract::Path,
};

const NO_IMAGE: ApiError = ApiError::NotFound("image");

/// The image.
#[utoipa::path(get, path = "/api/images/{id}", tag = "images", params(("id" = ImageId, Path)),
    responses((status = OK, content((String = "image/png"), (String = "image/jpeg")), description = "the image"),
        (status = NOT_FOUND, body = ErrorBody)))]
pub(super) async fn show(
    State(app): State<App>,
    student: SignedInUser,
    Path(id): Path<ImageId>,
) -> ApiResult<Response> {
    let mut tx = app.db.begin_as(student.id).await?;
    let image = images::find(&mut tx, id).await?.ok_or(NO_IMAGE)?;
    tx.commit().await?;
    let reading = app.files.read(Name::Image(id), None).await.map_err(ApiError::Internal)?.ok_or(NO_IMAGE)?;
    let mut response = Body::from_stream(reading.bytes).into_response();
    if let Ok(content_type) = HeaderValue::from_str(&image.content_type) {
        response.headers_mut().insert(header::CONTENT_TYPE, content_type);
    }
    file::safe(&mut response, "inline");
    Ok(response)
}
