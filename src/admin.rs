//! `medai admin`

use std::io::Read as _;

use anyhow::{Context as _, bail};
use api::password::{Cost, Passwords};
use clap::{Args, Subcommand, ValueEnum};
use domain::{
    Db, Tx,
    ids::UserId,
    users::{
        Plan, Role,
        store::{self, NewUser},
    },
};
use sqlx::PgPool;

use crate::{config::Config, dev, platform::Database};

/// Makes admins.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Makes an admin, or gives an account the role and a new password. Works against `DATABASE_URL`,
    /// or beside a running `medai dev` through its `DATA_DIR`.
    Create {
        /// The address.
        #[arg(long)]
        email: String,
        /// Reads the password from standard input.
        #[arg(long, required = true)]
        password_stdin: bool,
        /// What they may do.
        #[arg(long, value_enum, default_value = "super_admin")]
        role: RoleName,
    },
}

#[derive(Debug, Clone, Copy, ValueEnum)]
#[value(rename_all = "snake_case")]
enum RoleName {
    Viewer,
    Support,
    Ops,
    Admin,
    SuperAdmin,
}

impl From<RoleName> for Role {
    fn from(name: RoleName) -> Self {
        match name {
            RoleName::Viewer => Self::Viewer,
            RoleName::Support => Self::Support,
            RoleName::Ops => Self::Ops,
            RoleName::Admin => Self::Admin,
            RoleName::SuperAdmin => Self::SuperAdmin,
        }
    }
}

pub(crate) async fn run(config: &Config, arguments: Arguments) -> anyhow::Result<()> {
    let Command::Create { email, password_stdin: _, role } = arguments.command;
    let email = email.trim().to_lowercase();
    if !email.contains('@') {
        bail!("{email:?} is not an e-mail address");
    }
    let mut password = String::new();
    std::io::stdin().read_to_string(&mut password).context("the password cannot be read")?;
    let password = password.trim_end_matches(['\r', '\n']);
    let db = connect(config).await?;
    let mut tx = db.begin_platform().await?;
    insert(&mut tx, &Passwords::new(Cost::Standard), &email, password, role.into()).await?;
    tx.commit().await?;
    crate::print(&format!("{email} is an admin now."));
    Ok(())
}

/// The database of `DATABASE_URL`, or of a `medai dev` that runs here.
pub(crate) async fn connect(config: &Config) -> anyhow::Result<Db> {
    let database = match (&config.database_url, dev::beside(&config.data_dir)) {
        (Some(_), _) => Database::from_config(config)?,
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

/// Makes an account of a verified address with a role, or gives these to the one that is there.
pub(crate) async fn insert(
    tx: &mut Tx,
    passwords: &Passwords,
    email: &str,
    password: &str,
    role: Role,
) -> anyhow::Result<()> {
    if let Some(problem) = api::password::problems(password).first() {
        bail!("the password {problem}");
    }
    let hash = passwords.hash(password.into()).await?;
    match store::find_credentials(tx, email).await? {
        Some(known) => store::set_password(tx, known.user.id, &hash).await?,
        None => {
            let name = email.split('@').next().filter(|name| !name.is_empty()).unwrap_or("Admin");
            let user = NewUser { email, email_verified: true, name, password_hash: &hash, plan: Plan::Admin };
            store::insert(tx, UserId::generate(), &user).await?;
        }
    }
    store::allow(tx, email, role).await?;
    Ok(())
}
