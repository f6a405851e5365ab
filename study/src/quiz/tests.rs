use std::collections::{BTreeMap, HashSet};

use chrono::{DateTime, TimeDelta, Utc};
use domain::ids::{QuestionId, QuestionSetId, QuizId};
use proptest::prelude::*;
use serde_json::json;
use uuid::Uuid;

use super::*;

const SECRET: &str = "since the left atrium is stretched";

fn asked(topic: &str, difficulty: &str, answer: u8) -> Asked {
    let option = |text: &str| json!({ "text": text, "explanation": SECRET });
    serde_json::from_value(json!({
        "stem": "A man.", "lead_in": "Which?", "options": (["w", "x", "y", "z"].map(option)), "answer": answer,
        "difficulty": difficulty, "topic": topic, "source": { "quote": SECRET },
    }))
    .unwrap()
}

fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::seconds(seconds)
}

fn chosen(option: Option<u8>) -> Given {
    Given { option, ..Given::default() }
}

#[test]
fn what_is_hidden_has_neither_key_nor_explanation_in_it() {
    let question = asked("Heart", "easy", 2);
    let hidden = question.shown(false);
    assert_eq!(hidden.key, None);
    assert!(!format!("{hidden:?} {question:?}").contains(SECRET));
    let key = question.shown(true).key.unwrap();
    assert_eq!((key.answer, key.explanations.len()), (2, 4));
}

#[test]
fn a_note_of_a_question_needs_its_key() {
    let (id, question) = (QuestionId(Uuid::nil()), asked("Heart", "easy", 2));
    assert!(draft(id, &question.shown(false)).is_none());
    let note = draft(id, &question.shown(true)).unwrap();
    assert_eq!(note.guid, format!("q-{id}"));
    assert_eq!(note.card.front, "A man.\n\nWhich?\n\n- **A.** w\n- **B.** x\n- **C.** y\n- **D.** z");
    assert_eq!(note.card.back, format!("**C.** y\n\n{SECRET}"));
    assert!(note.source.is_some());
}

#[test]
fn an_exam_shows_nothing_before_its_end_and_a_tutor_each_answer() {
    use QuizMode::{Exam, Tutor};
    for answered in [false, true] {
        assert!(!may_see_key(Exam, false, answered, true) && !may_see_key(Exam, false, answered, false));
        assert!(may_see_key(Exam, true, answered, false) && may_see_key(Tutor, true, answered, false));
        // Elsewhere it is locked, too.
        assert!(!may_see_key(Exam, true, answered, true) && !may_see_key(Tutor, true, answered, true));
    }
    assert!(may_see_key(Tutor, false, true, false) && !may_see_key(Tutor, false, false, false));
}

#[test]
fn the_time_of_an_exam_is_that_of_its_questions_and_ends_it() {
    let timing = Timing::beginning(at(100), Some(90), 20);
    assert_eq!(timing.ends_at, Some(at(1_900)));
    assert_eq!((timing.over_at(at(1_899)), timing.over_at(at(1_900))), (None, Some(at(1_900))));
    assert_eq!(
        timing.over_at(at(9_999)),
        Some(at(1_900)),
        "when its time was over, and not when somebody looked"
    );
    let finished = Timing { finished_at: Some(at(500)), ..timing };
    assert_eq!(finished.over_at(at(501)), Some(at(500)));
    assert_eq!(Timing::beginning(at(0), None, 20).over_at(at(i64::from(u32::MAX))), None);
}

#[test]
fn the_first_answer_stands_in_a_tutor_and_the_last_in_an_exam() {
    let first = given(QuizMode::Tutor, false, &Given::default(), wants(Some(1)), at(1)).unwrap();
    assert_eq!((first.option, first.answered_at), (Some(1), Some(at(1))));
    let again =
        given(QuizMode::Tutor, false, &first, Wanted { flagged: Some(true), ..wants(Some(2)) }, at(2))
            .unwrap();
    assert_eq!(again, Given { flagged: true, ..first.clone() });
    let changed = given(QuizMode::Exam, false, &first, wants(Some(2)), at(2)).unwrap();
    assert_eq!((changed.option, changed.answered_at), (Some(2), Some(at(2))));
    let cleared = given(QuizMode::Exam, false, &changed, wants(None), at(3)).unwrap();
    assert_eq!((cleared.option, cleared.answered_at), (None, None));
    let struck = Wanted { eliminated: Some(vec![3, 0, 3]), ..Wanted::default() };
    let struck = given(QuizMode::Exam, false, &changed, struck, at(4)).unwrap();
    assert_eq!((struck.option, struck.eliminated), (Some(2), vec![0, 3]));
}

#[test]
fn after_the_end_only_what_is_so_may_be_said_again() {
    for mode in [QuizMode::Exam, QuizMode::Tutor] {
        let before = Given { answered_at: Some(at(1)), ..chosen(Some(1)) };
        assert_eq!(given(mode, true, &before, wants(Some(1)), at(9)), Ok(before.clone()));
        assert_eq!(given(mode, true, &before, wants(Some(2)), at(9)), Err(Over));
        assert_eq!(given(mode, true, &before, wants(None), at(9)), Err(Over));
        let flag = Wanted { flagged: Some(true), ..Wanted::default() };
        assert_eq!(given(mode, true, &before, flag, at(9)), Err(Over));
    }
}

#[test]
fn a_score_is_by_topic_and_difficulty() {
    let questions = [asked("Heart", "easy", 0), asked("heart", "hard", 1), asked("Lung", "easy", 2)];
    let answers = [chosen(Some(0)), chosen(Some(3)), chosen(None)];
    let pairs: Vec<_> = questions.iter().zip(&answers).collect();
    let scored = score(&pairs, &Timing::beginning(at(10), None, 3), at(130));
    assert_eq!((scored.right, scored.answered, scored.total, scored.seconds), (1, 2, 3, 120));
    let topics: Vec<_> =
        scored.by_topic.iter().map(|share| (share.topic.as_str(), share.right, share.total)).collect();
    assert_eq!(topics, [("Heart", 1, 2), ("Lung", 0, 1)]);
    let levels: Vec<_> = scored.by_difficulty.iter().map(|share| (share.right, share.total)).collect();
    assert_eq!(levels, [(1, 2), (0, 1)]);
}

fn wants(option: Option<u8>) -> Wanted {
    Wanted { option: Some(option), ..Wanted::default() }
}

fn candidates(sizes: &[usize]) -> Vec<Candidate> {
    let mut next = 0_u128;
    let mut all = Vec::new();
    for (set, size) in (0_u128..).zip(sizes) {
        for _ in 0..*size {
            next += 1;
            let (question, set) = (QuestionId(Uuid::from_u128(next)), QuestionSetId(Uuid::from_u128(set)));
            all.push(Candidate { question, set });
        }
    }
    all
}

proptest! {
    #[test]
    fn questions_are_each_once_and_spread_over_the_sets(
        sizes in prop::collection::vec(0_usize..30, 0..12), count in 1_usize..200, seed: u128, turned: bool,
    ) {
        let mut all = candidates(&sizes);
        let quiz = QuizId(Uuid::from_u128(seed));
        let chosen = choose(&all, count, quiz);
        prop_assert_eq!(chosen.len(), count.min(all.len()));
        prop_assert_eq!(chosen.iter().collect::<HashSet<_>>().len(), chosen.len());
        let mut of_sets: BTreeMap<QuestionSetId, usize> = all.iter().map(|one| (one.set, 0)).collect();
        for one in &chosen {
            let set = all.iter().find(|candidate| candidate.question == *one).unwrap().set;
            *of_sets.entry(set).or_default() += 1;
        }
        let most = of_sets.values().copied().max().unwrap_or(0);
        for (set, taken) in of_sets {
            let size = all.iter().filter(|candidate| candidate.set == set).count();
            prop_assert!(taken + 1 >= most.min(size + 1), "a set gave fewer than it has: {taken} of {size}, another {most}");
        }
        // The order in which the database gives them does not matter.
        if turned { all.reverse(); }
        prop_assert_eq!(choose(&all, count, quiz), chosen);
    }

    #[test]
    fn nothing_that_is_said_after_the_end_changes_anything(
        exam: bool, before in any_given(), option in prop::option::of(prop::option::of(0_u8..4)),
        flagged: Option<bool>, eliminated in prop::option::of(prop::collection::vec(0_u8..4, 0..4)),
    ) {
        let mode = if exam { QuizMode::Exam } else { QuizMode::Tutor };
        if let Ok(after) = given(mode, true, &before, Wanted { option, flagged, eliminated: eliminated.clone() }, at(99)) {
            prop_assert_eq!(after, before.clone());
        }
        // In time, saying it twice is saying it once.
        let wanted = Wanted { option, flagged, eliminated };
        let once = given(mode, false, &before, wanted.clone(), at(5)).unwrap();
        prop_assert_eq!(given(mode, false, &once, wanted, at(6)).unwrap(), once);
    }

    #[test]
    fn no_more_is_right_than_answered_and_shares_add_up(
        answers in prop::collection::vec((0_u8..4, prop::option::of(0_u8..4), "[a-cA-C]{0,1}", 0_usize..3), 0..50),
    ) {
        let levels = ["easy", "medium", "hard"];
        let questions: Vec<_> =
            answers.iter().map(|(answer, _, topic, level)| asked(topic, levels[*level], *answer)).collect();
        let given: Vec<_> = answers.iter().map(|(_, option, ..)| chosen(*option)).collect();
        let pairs: Vec<_> = questions.iter().zip(&given).collect();
        let scored = score(&pairs, &Timing::beginning(at(0), None, pairs.len()), at(1));
        prop_assert!(scored.right <= scored.answered && scored.answered <= scored.total);
        prop_assert_eq!(scored.by_topic.iter().map(|share| share.right).sum::<usize>(), scored.right);
        prop_assert_eq!(scored.by_topic.iter().map(|share| share.total).sum::<usize>(), scored.total);
        prop_assert_eq!(scored.by_difficulty.iter().map(|share| share.right).sum::<usize>(), scored.right);
        prop_assert_eq!(scored.by_difficulty.iter().map(|share| share.total).sum::<usize>(), scored.total);
    }
}

fn any_given() -> impl Strategy<Value = Given> {
    (prop::option::of(0_u8..4), any::<bool>(), prop::collection::btree_set(0_u8..4, 0..4)).prop_map(
        |(option, flagged, eliminated)| Given {
            option,
            flagged,
            eliminated: eliminated.into_iter().collect(),
            answered_at: option.map(|_| at(1)),
        },
    )
}
