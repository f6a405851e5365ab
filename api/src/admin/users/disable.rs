//! Keeps an account out.

use std::time::Duration;

use axum::{Json, extract::State};
use domain::{
    ids::UserId,
    users::{allowlist, sign_ins, store},
};
use jobs::{catalogue::kinds, queue::control};
use serde_json::json;

use super::{require, require_within_reach, target, view::UserView};
use crate::{
    App,
    admin::allowlist::super_admins,
    caller::Admin,
    error::{ApiError, ApiResult, ErrorBody},
    extract::Path,
    permissions::ManageUsers,
};

/// Longer than a request takes from being let in to enqueueing its job.
const LATECOMERS: Duration = Duration::from_millis(500);

/// Disables an account, and ends all its sign-ins, streams and jobs at once.
#[utoipa::path(post, path = "/api/admin/users/{id}/disable", tag = "admin users", params(("id" = UserId, Path)),
    responses(
        (status = OK, body = UserView),
        (status = FORBIDDEN, body = ErrorBody),
        (status = NOT_FOUND, body = ErrorBody),
        (status = CONFLICT, body = ErrorBody, description = "It is the admin's own, or the last super admin's"),
        (status = TOO_MANY_REQUESTS, body = ErrorBody, description = "Too much at once that is hard to undo"),
    ))]
pub(super) async fn disable(
    State(app): State<App>,
    admin: Admin<ManageUsers>,
    Path(id): Path<UserId>,
) -> ApiResult<Json<UserView>> {
    if admin.caller.id == id {
        return Err(ApiError::Conflict("You cannot disable your own account."));
    }
    let now = app.clock.now();
    let mut change = admin.begin(&app).await?;
    // Of two who disable each other, one is out before the other's turn comes.
    allowlist::lock(&mut change).await?;
    admin.require_still(&app, &mut change).await?;
    let before = require_within_reach(&app, &mut change, &admin, id).await?;
    change.limited(&app).await?;
    let able = super_admins(&app, &mut change).await?;
    if before.user.disabled_at.is_none() {
        store::set_disabled(&mut change, id, Some(now)).await?;
    }
    if able > 0 && super_admins(&app, &mut change).await? == 0 {
        return Err(ApiError::Conflict("The last super admin cannot be disabled."));
    }
    sign_ins::revoke_all(&mut change, id, now).await?;
    control::stop_all_of(&mut change, id).await?;
    let listed = require(&app, &mut change, id).await?;
    let details = json!({
        "email": before.user.email,
        "before": { "disabled_at": before.user.disabled_at },
        "after": { "disabled_at": listed.user.disabled_at },
    });
    change.commit("disable_user", target(&id.to_string()), &details).await?;
    end_jobs(&app, id).await?;
    let late = app.clone();
    tokio::spawn(async move {
        tokio::time::sleep(LATECOMERS).await;
        if let Err(error) = end_jobs(&late, id).await {
            tracing::warn!(%error, user.id = %id, "jobs of a disabled account end when they would start");
        }
    });
    Ok(Json(UserView::new(&app, listed)))
}

/// Ends what the account still has in the queue. They were told to stop with the commit; what waits need not wait for its
/// turn. Each in a transaction of its own, as
/// ledger and job are locked everywhere.
async fn end_jobs(app: &App, user: UserId) -> sqlx::Result<()> {
    let mut tx = app.db.begin_platform().await?;
    let jobs = control::live_of(&mut tx, user).await?;
    drop(tx);
    for job in jobs {
        control::cancel(&app.db, &app.bus, kinds(), job).await?;
    }
    Ok(())
}
