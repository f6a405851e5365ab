//! Takes an image.

use axum::{
    Json,
    extract::{Request, State},
    http::StatusCode,
};
use domain::{
    feature::Feature,
    ids::{ImageId, JobId},
    images::{self, Image},
    platform_status::Pass,
    quota::{
        self,
        store::{Hold, Settlement},
    },
};
use files::{
    Name,
    picture::{Recoded, Refused, recode},
};
use utoipa::ToSchema;

use super::ImageView;
use crate::{
    App,
    caller::SignedInUser,
    documents::receive,
    error::{ApiError, ApiResult, ErrorBody},
    gate,
    places::Place,
};

/// A form with an image.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes the form; it is read as a stream")]
pub(crate) struct ImageForm {
    /// A PNG, JPEG or WebP.
    #[schema(value_type = String, format = Binary, content_media_type = "application/octet-stream")]
    file: Vec<u8>,
}

/// Takes an image, to be attached to a message. It is encoded anew: only its pixels are kept.
#[utoipa::path(post, path = "/api/images", tag = "images",
    request_body(content = ImageForm, content_type = "multipart/form-data"),
    responses((status = CREATED, body = ImageView), (status = BAD_REQUEST, body = ErrorBody),
        (status = PAYLOAD_TOO_LARGE, body = ErrorBody), (status = UNSUPPORTED_MEDIA_TYPE, body = ErrorBody),
        (status = UNPROCESSABLE_ENTITY, body = ErrorBody), (status = TOO_MANY_REQUESTS, body = ErrorBody)))]
pub(super) async fn upload(
    State(app): State<App>,
    student: SignedInUser,
    request: Request,
) -> ApiResult<(StatusCode, Json<ImageView>)> {
    // The ledger's row is called by the image, since there is no job.
    let id = ImageId::generate();
    let hold = Hold {
        user: student.id,
        job: JobId(id.0),
        payer: student.payer(),
        items: 1,
        tokens: 0,
        at_most: 0,
        day: app.clock.today(),
    };
    let (pass, _place) = match may_upload(&app, &student, &hold).await {
        Ok(admitted) => admitted,
        Err(refusal) => {
            receive::drain(request).await;
            return Err(refusal);
        }
    };
    let file = receive::small_file(request, app.settings.max_image_bytes).await?;
    let recoded = recoded(&app, file).await?;
    let image = Image {
        id,
        content_type: recoded.content_type.to_owned(),
        bytes: i64::try_from(recoded.bytes.len()).unwrap_or(i64::MAX),
        width: i32::try_from(recoded.width).unwrap_or(i32::MAX),
        height: i32::try_from(recoded.height).unwrap_or(i32::MAX),
        created_at: app.clock.now(),
    };
    let mut tx = app.db.begin_as(student.id).await?;
    quota::store::hold(&mut tx, &hold, &pass).await?.map_err(ApiError::Exceeded)?;
    images::insert(&mut tx, student.id, &image).await?;
    quota::store::settle(&mut tx, hold.job, &Settlement { exact: true, ..Settlement::default() }).await?;
    // Before the commit: a row without its file would be a broken picture, a file without its row is only waste.
    app.files.put(Name::Image(id), recoded.bytes.into()).await.map_err(ApiError::Internal)?;
    tx.commit().await?;
    Ok((StatusCode::CREATED, Json(image.into())))
}

async fn may_upload(app: &App, student: &SignedInUser, hold: &Hold) -> ApiResult<(Pass, Place)> {
    let place = app.uploads.take(student.id)?;
    let pass = gate::pass(app, student, Feature::Image)?;
    let mut tx = app.db.begin_as(student.id).await?;
    let refusal = quota::store::would_refuse(&mut tx, hold, &pass).await?;
    refusal.map_or(Ok((pass, place)), |exceeded| Err(ApiError::Exceeded(exceeded)))
}

/// Off the async threads, and two at a time: each may take some hundred megabytes.
async fn recoded(app: &App, file: Vec<u8>) -> ApiResult<Recoded> {
    let permit = app.recoders.acquire().await.map_err(|closed| ApiError::Internal(closed.into()))?;
    let recoded = tokio::task::spawn_blocking(move || recode(&file)).await;
    drop(permit);
    match recoded {
        Ok(Ok(recoded)) => Ok(recoded),
        Ok(Err(Refused::WrongType)) => Err(ApiError::WrongType(
            "multipart/form-data with a PNG, JPEG or WebP as `file`; this file is none",
        )),
        Ok(Err(Refused::TooManyPixels)) => Err(ApiError::field("file", "has too many pixels")),
        // A decoder that panics has met a file that nobody should use.
        Ok(Err(Refused::Damaged)) | Err(_) => Err(ApiError::field("file", "is damaged")),
    }
}
