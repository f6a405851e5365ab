//! Properties of the machine, over any story of a key.

use proptest::{collection::vec, prelude::*};

use super::*;

const THRESHOLD: i32 = 5;

fn signal_kind() -> impl Strategy<Value = SignalKind> {
    prop_oneof![
        3 => Just(SignalKind::Succeeded),
        1 => Just(SignalKind::Refused),
        6 => Just(SignalKind::Failed),
        2 => Just(SignalKind::Limited),
        2 => Just(SignalKind::Nothing),
    ]
}

fn status() -> impl Strategy<Value = KeyStatus> {
    prop_oneof![
        Just(KeyStatus::Pending),
        Just(KeyStatus::Active),
        Just(KeyStatus::Degraded),
        Just(KeyStatus::Disabled)
    ]
}

fn health() -> impl Strategy<Value = Health> {
    (status(), 0..20_i32).prop_map(|(status, failures)| Health { status, failures })
}

proptest! {
    #[test]
    fn what_an_admin_disabled_never_changes_by_itself(failures in 0..20_i32, story in vec(signal_kind(), 0..40)) {
        let start = Health { status: KeyStatus::Disabled, failures };
        let end = story.into_iter().fold(start, |health, signal_kind| health.after(signal_kind, THRESHOLD));
        prop_assert_eq!(end, start);
    }

    #[test]
    fn nothing_but_an_admin_disables_a_key_or_makes_it_pending(start in health(), story in vec(signal_kind(), 0..40)) {
        let mut health = start;
        for signal_kind in story {
            let next = health.after(signal_kind, THRESHOLD);
            for only_by_hand in [KeyStatus::Disabled, KeyStatus::Pending] {
                prop_assert!(next.status != only_by_hand || health.status == only_by_hand);
            }
            health = next;
        }
    }

    #[test]
    fn a_pending_key_is_never_degraded(story in vec(signal_kind(), 0..40)) {
        let mut health = Health { status: KeyStatus::Pending, failures: 0 };
        for signal_kind in story {
            let next = health.after(signal_kind, THRESHOLD);
            prop_assert!(health.status != KeyStatus::Pending || next.status != KeyStatus::Degraded);
            health = next;
        }
    }

    #[test]
    fn a_refusal_degrades_at_once(failures in 0..20_i32) {
        let health = Health { status: KeyStatus::Active, failures }.after(SignalKind::Refused, THRESHOLD);
        prop_assert_eq!(health.status, KeyStatus::Degraded);
    }

    #[test]
    fn only_more_failures_in_a_row_than_the_threshold_degrade(threshold in 0..10_i32, count in 0..20_i32) {
        let mut health = Health { status: KeyStatus::Active, failures: 0 };
        for _ in 0..count {
            health = health.after(SignalKind::Failed, threshold);
        }
        prop_assert_eq!(health.failures, count);
        prop_assert_eq!(health.status == KeyStatus::Degraded, count > threshold);
    }

    #[test]
    fn one_success_restores_and_forgets(start in health(), story in vec(signal_kind(), 0..40)) {
        prop_assume!(start.status != KeyStatus::Disabled);
        let end = story.into_iter().fold(start, |health, signal_kind| health.after(signal_kind, THRESHOLD));
        prop_assert_eq!(end.after(SignalKind::Succeeded, THRESHOLD), Health { status: KeyStatus::Active, failures: 0 });
    }

    #[test]
    fn what_is_not_the_keys_doing_changes_nothing(start in health()) {
        for signal_kind in [SignalKind::Nothing, SignalKind::Limited] {
            prop_assert_eq!(start.after(signal_kind, THRESHOLD), start);
        }
    }

    #[test]
    fn a_level_is_down_only_while_nothing_serves_soon(keys in vec((status(), proptest::option::of(-100..1_500_i64)), 0..8)) {
        let now = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        let at = |seconds| now + TimeDelta::seconds(seconds);
        let level = Level::of(keys.iter().map(|(status, cools)| (*status, cools.map(at))), now, TimeDelta::minutes(10));
        let serves = |(status, cools): &&(KeyStatus, Option<i64>)| {
            *status == KeyStatus::Active && cools.is_none_or(|cools| cools <= 600)
        };
        prop_assert_eq!(level == Level::Down, !keys.iter().any(|key| serves(&key)));
    }
}
