//! A report as admins see it.

use chrono::{DateTime, Utc};
use domain::{
    feature::Feature,
    feedback::{ReportKind, reports::Report},
    ids::ReportId,
};
use serde::Serialize;
use utoipa::ToSchema;

/// An error in an answer that a student reported. It does not say who.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ReportView {
    id: ReportId,
    kind: ReportKind,
    /// In the student's words.
    reason: Option<String>,
    /// The question as it was then, where the student agreed to show it.
    question: Option<String>,
    /// The answer as it was then, where the student agreed to show it.
    answer: Option<String>,
    feature: Feature,
    /// Who answered.
    provider: Option<String>,
    model: Option<String>,
    reported_at: DateTime<Utc>,
    /// When an admin handled it; null where none has.
    handled_at: Option<DateTime<Utc>>,
    /// Who did.
    handled_by: Option<String>,
    /// What they noted.
    note: Option<String>,
}

impl From<Report> for ReportView {
    fn from(report: Report) -> Self {
        Self {
            id: report.id,
            kind: report.kind,
            reason: report.reason,
            question: report.question,
            answer: report.answer,
            feature: report.feature,
            provider: report.provider,
            model: report.model,
            reported_at: report.reported_at,
            handled_at: report.handled_at,
            handled_by: report.handled_by_email,
            note: report.note,
        }
    }
}
