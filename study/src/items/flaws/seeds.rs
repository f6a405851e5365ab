//! Flaws put into items that have none.

use super::Flaw;
use crate::items::{AnswerOption, Question};

/// The item with this flaw put into it; none where it cannot be put into this one.
#[expect(clippy::too_many_lines, reason = "one arm a flaw")]
pub(super) fn seeded(item: &Question, flaw: Flaw, index: usize) -> Option<Question> {
    let mut item = item.clone();
    let right = usize::from(item.answer);
    let wrong = (right + 1 + index % 3) % 4;
    let pick = |texts: &[&str]| texts[index % texts.len()].to_owned();
    match flaw {
        Flaw::NotFour if index.is_multiple_of(2) => drop(item.options.remove(wrong)),
        Flaw::NotFour => item
            .options
            .push(AnswerOption { text: "Osteopetrosis".to_owned(), explanation: "Incorrect.".to_owned() }),
        Flaw::NoAnswer => item.answer = 4 + u8::try_from(index % 7).unwrap(),
        Flaw::Combination => {
            item.options[wrong].text = pick(&[
                "All of the above",
                "None of the above",
                "Both A and B",
                "A and C",
                "None of these",
                "All the above",
                "Options A and D",
                "Both of the above",
                "I and III only",
                "More than one of the above",
            ]);
        }
        Flaw::Negative => {
            item.lead_in = pick(&[
                "Which of the following is NOT a likely finding in this patient?",
                "All of the following are true EXCEPT:",
                "Which of the following is the least likely cause of this condition?",
                "Which of the following should not be given to this patient?",
                "Which of the following statements about this condition is false?",
                "Which of the following drugs does not cause these findings?",
                "Each of the following may be seen in this patient except which one?",
                "Which of the following is incorrect about this disease?",
            ]);
        }
        Flaw::Absolute => {
            let text = &mut item.options[wrong].text;
            *text = match index % 5 {
                0 => format!("{text} in all patients"),
                1 => format!("Always {text}"),
                2 => format!("{text}, which never recurs"),
                3 => format!("{text} in every case"),
                _ => format!("{text}, invariably"),
            };
        }
        Flaw::Longest => {
            let longest = item.options.iter().map(|option| option.text.len()).max()?;
            let text = &mut item.options[right].text;
            *text += ", because it addresses the underlying mechanism";
            while text.len() < 2 * longest {
                *text += " and is supported by the history and examination of this patient";
            }
        }
        Flaw::Clang if index % 3 == 2 => {
            let word = item
                .lead_in
                .split(|sign: char| !sign.is_alphabetic())
                .rfind(|word| word.len() >= 5)?
                .to_lowercase();
            let in_options = item.options.iter().any(|option| option.text.to_lowercase().contains(&word));
            if in_options || matches!(word.as_str(), "patient" | "following" | "likely") {
                return None;
            }
            item.options[right].text = format!("{} of the {word}", item.options[right].text);
        }
        Flaw::Clang => {
            let word = item.options[right]
                .text
                .split(|sign: char| !sign.is_alphabetic())
                .max_by_key(|word| word.len())?
                .to_lowercase();
            let others = item
                .options
                .iter()
                .enumerate()
                .any(|(at, option)| at != right && option.text.to_lowercase().contains(&word));
            if others || word.len() < 5 {
                return None;
            }
            item.lead_in = pick(&[
                &format!("Which of the following best explains the {word} in this patient?"),
                &format!("What is the most likely diagnosis in this patient with suspected {word}?"),
            ]);
        }
        Flaw::Overlap => {
            let (other, text) = ((wrong + 1) % 4, item.options[wrong].text.clone());
            item.options[other].text = match index % 3 {
                0 => text.to_lowercase(),
                1 => format!("Severe {}", text.to_lowercase()),
                _ => format!("{text} with fever"),
            };
        }
        Flaw::Unordered => {
            let sets = [
                ["10%", "40%", "20%", "30%"],
                ["5 mg", "1 mg", "20 mg", "10 mg"],
                ["1:8", "1:2", "1:4", "1:16"],
            ];
            let more = [
                ["0.5", "0.05", "0.25", "0.75"],
                ["7.1", "7.4", "7.2", "7.5"],
                ["3-5 days", "1-2 days", "6-8 days", "9-12 days"],
            ];
            let set = sets.iter().chain(&more).nth(index % 6)?;
            item.options.iter_mut().zip(set).for_each(|(option, text)| option.text = (*text).to_owned());
        }
        Flaw::Grammar => {
            let nouns = [
                ("an", ["Abscess", "Fracture", "Hematoma", "Tumor"]),
                ("a", ["Cyst", "Ulcer", "Embolus", "Infarct"]),
            ];
            let several = [("are", ["Gallstones", "Cirrhosis", "Hepatitis", "Cholangitis"])];
            let (word, texts) = nouns.iter().chain(&several).nth(index % 3)?;
            item.lead_in = format!("The most likely cause of this patient's findings is {word}:")
                .replace("is are", "are");
            item.options.iter_mut().zip(texts).for_each(|(option, text)| option.text = (*text).to_owned());
            item.answer = 0;
        }
        Flaw::OddOne => {
            // What the others are already is not odd.
            let asked = item.lead_in.to_lowercase();
            let of_steps = ["step", "manage", "action", "treatment"].iter().any(|word| asked.contains(word));
            let sentences = item.options.iter().any(|option| option.text.split(' ').count() > 6);
            item.options[wrong].text = match (of_steps, sentences) {
                (true, true) => pick(&["42%", "7.5"]),
                (true, false) => {
                    pick(&["The patient should be observed at home", "42%", "This condition will resolve"])
                }
                (false, true) => pick(&["Perform an exploratory laparotomy", "42%", "Reassure the parents"]),
                (false, false) => pick(&[
                    "Administer intravenous fluids",
                    "42%",
                    "It is a disease of the elderly",
                    "Treat at home",
                ]),
            };
        }
        Flaw::TwoRight => {
            item.options[wrong].explanation = pick(&[
                "Correct. It fits the findings.",
                "This is the correct answer, as it fits.",
                "This is correct since it fits.",
                "This option is correct because of the fever.",
            ]);
        }
        Flaw::Contradicted => {
            item.options[right].explanation = pick(&[
                "Incorrect. It does not fit.",
                "This is incorrect, as the fever is lacking.",
                "Wrong: it takes years.",
                "This is not the best answer here.",
            ]);
        }
        Flaw::Letter => {
            item.options[wrong].explanation = pick(&[
                "Incorrect. Option B is better.",
                "The answer is C.",
                "Incorrect; see choice A.",
                "Unlike answer choice D, it is slow.",
            ]);
        }
    }
    Some(item)
}
