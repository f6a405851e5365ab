//! `medai admin`

use std::io::Read as _;

use anyhow::{Context as _, bail};
use api::password::{Cost, Passwords};
use chrono::TimeDelta;
use clap::{Args, Subcommand};
use domain::{
    Clock, Db, Tx,
    audit::{self, Action, Actor, Target},
    ids::UserId,
    users::{
        self, Plan, Role,
        store::{self, NewUser},
        takeover,
    },
};
use jobs::admin_events::{self, AdminEvent, Event};
use rand::Rng as _;
use serde_json::json;
use sqlx::PgPool;

use crate::{
    config::{Config, values},
    dev,
};

/// Makes admins.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Makes an admin, or gives an account the role and a new password. That ends all its sign-ins, and deletes the
    /// provider keys that it brought. Works against `DATABASE_URL`, or beside a running `medai dev` through its `DATA_DIR`.
    Create {
        /// The address.
        #[arg(long)]
        email: String,
        /// Reads the password from standard input.
        #[arg(long, required = true)]
        password_stdin: bool,
        /// What they may do.
        #[arg(long, value_parser = values::one_of::<Role>(), default_value = "super_admin")]
        role: Role,
        /// Takes an account over whose address was never verified: anybody may have registered it.
        #[arg(long)]
        take_over: bool,
    },
    /// Prints a token that signs in as a super admin for an hour, once: for when no admin can sign in any
    /// more. All admins are told.
    Emergency {
        /// The address of the account to sign in to.
        #[arg(long)]
        email: String,
        /// How long the token is good.
        #[arg(long, default_value_t = 15, value_parser = clap::value_parser!(u8).range(1..=60))]
        minutes: u8,
    },
}

pub(crate) async fn run(config: &Config, arguments: Arguments) -> anyhow::Result<()> {
    match arguments.command {
        Command::Create { email, password_stdin: _, role, take_over } => {
            create(config, &email, role, take_over).await
        }
        Command::Emergency { email, minutes } => emergency(config, &email, minutes).await,
    }
}

async fn create(config: &Config, email: &str, role: Role, take_over: bool) -> anyhow::Result<()> {
    let email = email.trim().to_lowercase();
    if !email.contains('@') {
        bail!("{email:?} is not an e-mail address");
    }
    let mut password = String::new();
    std::io::stdin().read_to_string(&mut password).context("the password cannot be read")?;
    let password = password.trim_end_matches(['\r', '\n']);
    let db = connect(config).await?;
    let mut tx = db.begin_platform().await?;
    let admin = NewAdmin { email: &email, password, role, take_over };
    let made = insert(&mut tx, &Passwords::new(Cost::Standard), &admin).await?;
    tx.commit().await?;
    crate::print(&format!("{email} is an admin now."));
    if made == Made::OfAnAccount {
        crate::print(
            "The account was there before: its sign-ins are ended, and its own provider keys deleted.",
        );
    }
    Ok(())
}

/// Makes an emergency token. Only its hash is stored.
async fn emergency(config: &Config, email: &str, minutes: u8) -> anyhow::Result<()> {
    let email = email.trim().to_lowercase();
    let mut token = [0; 32];
    rand::rng().fill_bytes(&mut token);
    let token = format!("emergency-{}", hex::encode(token));
    let db = connect(config).await?;
    let mut tx = db.begin_platform().await?;
    let Some(known) = store::find_credentials(&mut tx, &email).await? else {
        bail!("{email} has no account; `medai admin create` makes one");
    };
    let id = known.user.id;
    let until = Clock::system().now() + TimeDelta::minutes(minutes.into());
    users::emergency::insert(&mut tx, id, &api::emergency_hash(&token), until).await?;
    let details = json!({ "email": email, "until": until });
    let target = Target { kind: "user", id: Some(&id.to_string()) };
    audit::record(&mut tx, &Actor::operator(), Action("create_emergency_token"), target, &details).await?;
    let notice = AdminEvent {
        event: Event::SecurityCritical,
        about: &format!("create_emergency_token:{id}"),
        subject: "An emergency token was made on the server's command line",
        facts: details,
        except: None,
    };
    admin_events::emit(&mut tx, &notice).await?;
    tx.commit().await?;
    crate::print(&token);
    Ok(())
}

/// The database of `DATABASE_URL`, or of a `medai dev` that runs here.
pub(crate) async fn connect(config: &Config) -> anyhow::Result<Db> {
    let database = match (&config.database.database_url, dev::beside(&config.data_dir)) {
        (Some(_), _) => config.database.database()?,
        (None, Ok(Some(database))) => database,
        (None, Ok(None)) => bail!(
            "no database: set DATABASE_URL, or start `medai dev` (no server runs in {})",
            config.data_dir.display()
        ),
        (None, Err(error)) => return Err(error),
    };
    let pool = PgPool::connect_with(database.options).await.context("the database cannot be reached")?;
    Ok(Db::new(pool))
}

/// An admin to be made.
#[derive(Debug)]
pub(crate) struct NewAdmin<'a> {
    /// In lower case.
    pub(crate) email: &'a str,
    pub(crate) password: &'a str,
    pub(crate) role: Role,
    /// Whether that may be an account whose address was never verified.
    pub(crate) take_over: bool,
}

/// What an admin was made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Made {
    /// A new account.
    Anew,
    /// One that was there.
    OfAnAccount,
}

/// Makes an account of a verified address with a role, or gives these to the one that is there: whoever had that one is
/// out.
pub(crate) async fn insert(tx: &mut Tx, passwords: &Passwords, admin: &NewAdmin<'_>) -> anyhow::Result<Made> {
    let NewAdmin { email, password, role, take_over } = *admin;
    if let Some(problem) = api::password::problems(password).first() {
        bail!("the password {problem}");
    }
    let hash = passwords.hash(password.into()).await?;
    let known = store::find_credentials(tx, email).await?.map(|known| known.user);
    let mut taken = None;
    if let Some(user) = &known {
        if !user.email_verified && !take_over {
            bail!(
                "{email} has an account, and nobody has shown that the address is theirs: anybody may have registered \
                 it. To make it an admin's, say --take-over. That ends its sign-ins and deletes the provider keys that \
                 it brought; its conversations and documents stay"
            );
        }
        taken = Some(takeover::take_over(tx, user.id, &hash, Clock::system().now()).await?);
        // The operator vouches for the address.
        store::verify(tx, user.id).await?;
    } else {
        let name = email.split('@').next().filter(|name| !name.is_empty()).unwrap_or("Admin");
        let user = NewUser { email, email_verified: true, name, password_hash: &hash, plan: Plan::Admin };
        store::insert(tx, UserId::generate(), &user).await?;
    }
    let before = store::listed_role(tx, email).await?;
    store::allow(tx, email, role).await?;
    let details = json!({
        "new_account": known.is_none(),
        "was_verified": known.as_ref().map(|user| user.email_verified),
        "own_keys_deleted": taken.map(|taken| taken.own_keys),
        "before": { "role": before },
        "after": { "role": role },
    });
    let target = Target { kind: "allowlist", id: Some(email) };
    audit::record(tx, &Actor::operator(), Action("create_admin"), target, &details).await?;
    Ok(if known.is_some() { Made::OfAnAccount } else { Made::Anew })
}
