//! Who may have a password looked at.
//!
//! Wrong tries are counted for an address and, over all addresses, for the e-mail that was tried, whether it has an
//! account or not. Where one of the two has no try left, right and wrong passwords are answered alike, since none is
//! looked at. Devices and addresses that signed in to the account before have a count of their own, so that nobody
//! elsewhere keeps its owner out.

use std::time::Duration;

use domain::{
    ids::DeviceId,
    users::{
        clients,
        tries::{self, Taken, Tried, TryId},
    },
};
use tokio::time::{Instant, sleep};

use super::{attempt::counted, fields};
use crate::{
    App,
    error::{ApiError, ApiResult},
    server::ClientIp,
};

/// How long one waits for how tries come out that are being looked at.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long the first look at that is put off; each further one for twice as long, up to the longest.
const FIRST_PAUSE: Duration = Duration::from_millis(20);
/// See [`FIRST_PAUSE`].
const LONGEST_PAUSE: Duration = Duration::from_millis(320);

/// Somebody at the door.
#[derive(Debug)]
pub(super) struct Guest {
    address: String,
    email: [u8; 32],
    said: Option<String>,
    device: Option<String>,
    place: String,
}

impl Guest {
    /// Who gives this e-mail, from this address and maybe with our cookie of a device.
    pub(super) fn new(app: &App, ClientIp(ip): ClientIp, device: Option<DeviceId>, email: &str) -> Self {
        let (normal, address) = (fields::normal_email(email), counted(ip));
        Self {
            email: app.tokens.macs().email(&normal),
            said: fields::email(email, &()).is_ok().then_some(normal),
            device: device.map(clients::device),
            place: clients::address(&address),
            address,
        }
    }

    /// What is remembered of them where they get in, on this device.
    pub(super) fn known_as(&self, device: DeviceId) -> [String; 2] {
        [clients::device(device), self.place.clone()]
    }

    /// Takes a try, or refuses it. While all that are left are being looked at, this waits.
    pub(super) async fn take(&self, app: &App) -> ApiResult<TryId> {
        let (until, mut pause) = (Instant::now() + PATIENCE, FIRST_PAUSE);
        loop {
            let now = app.clock.now();
            match self.ask(app).await? {
                Taken::Try(id) => return Ok(id),
                Taken::Refused(until) => return Err(ApiError::rate_limited(now, until)),
                Taken::Wait if Instant::now() >= until => {
                    return Err(ApiError::RateLimited { retry_after: 1 });
                }
                Taken::Wait => sleep(pause).await,
            }
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }

    async fn ask(&self, app: &App) -> ApiResult<Taken> {
        // Those of one address wait for each other: not with all connections of the process in their hands.
        let _turn = app.sign_ins.acquire().await.map_err(anyhow::Error::from)?;
        let tried = Tried {
            address: &self.address,
            for_an_address: app.settings.login_tries_per_address,
            email: &self.email,
            said: self.said.as_deref(),
            device: self.device.as_deref(),
            place: &self.place,
        };
        let mut tx = app.db.begin_platform().await?;
        let taken = tries::take(&mut tx, &tried, app.clock.now()).await?;
        tx.commit().await?;
        Ok(taken)
    }
}
