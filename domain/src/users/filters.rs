//! Filters of lists that admins gave names.

use std::collections::BTreeMap;

use sqlx::{PgConnection, types::Json};

use crate::ids::{FilterId, UserId};

/// The fields of a filter, as the address of its page has them.
pub type Fields = BTreeMap<String, String>;

/// A filter with a name.
#[derive(Debug, Clone)]
pub struct SavedFilter {
    /// Its id.
    pub id: FilterId,
    /// What its admin calls it.
    pub name: String,
    /// The fields of the page's filter.
    pub filter: Json<Fields>,
    /// Whether the page opens with it.
    pub is_default: bool,
}

/// The filters of an admin for a page, by name. Within `begin_platform`.
pub async fn list(conn: &mut PgConnection, user: UserId, page: &str) -> sqlx::Result<Vec<SavedFilter>> {
    sqlx::query_as!(
        SavedFilter,
        r#"select id as "id: FilterId", name, filter as "filter: Json<Fields>", is_default from saved_filters
           where user_id = $1 and page = $2 order by lower(name), name"#,
        user.0,
        page,
    )
    .fetch_all(conn)
    .await
}

/// Keeps a filter under its name, in the place of one that has this name. As a default it is the only one. Within
/// `begin_platform`.
pub async fn put(
    conn: &mut PgConnection,
    user: UserId,
    page: &str,
    saved: &SavedFilter,
) -> sqlx::Result<FilterId> {
    if saved.is_default {
        sqlx::query!(
            "update saved_filters set is_default = false where user_id = $1 and page = $2 and is_default and name <> $3",
            user.0,
            page,
            saved.name,
        )
        .execute(&mut *conn)
        .await?;
    }
    sqlx::query_scalar!(
        r#"insert into saved_filters (id, user_id, page, name, filter, is_default) values ($1, $2, $3, $4, $5, $6)
           on conflict on constraint saved_filters_name
             do update set filter = excluded.filter, is_default = excluded.is_default
           returning id as "id: FilterId""#,
        saved.id.0,
        user.0,
        page,
        saved.name,
        &saved.filter as _,
        saved.is_default,
    )
    .fetch_one(conn)
    .await
}

/// Deletes a filter of an admin. Returns its page and name, or `None` where there is none. Within `begin_platform`.
pub async fn delete(
    conn: &mut PgConnection,
    user: UserId,
    id: FilterId,
) -> sqlx::Result<Option<(String, String)>> {
    let gone = sqlx::query!(
        "delete from saved_filters where id = $1 and user_id = $2 returning page, name",
        id.0,
        user.0,
    );
    Ok(gone.fetch_optional(conn).await?.map(|row| (row.page, row.name)))
}
