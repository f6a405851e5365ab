import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { followUps, termsIn, topicOf } from "./follow_ups.ts";

const labels = (question: string, answer = "", ...passages: string[]) =>
  followUps({ question, answer, citations: passages.map((text) => ({ text })) }).map(({ label }) => label);

test("the topic of a plain question is known, and that of others is not guessed", () => {
  const cases = {
    "What is preload?": "preload",
    "What are the causes of heart failure?": "causes of heart failure",
    "Explain the nephrotic syndrome": "nephrotic syndrome",
    "Please explain to me the loop of Henle.": "loop of Henle",
    "Was ist die Vorlast?": "Vorlast",
    "acid–base balance": "acid–base balance",
    "What is the difference between preload and afterload?": "",
    "What does a larger preload do to the stroke volume?": "",
    "And why?": "",
    "What is it?": "",
    "Explain this": "",
    Thanks: "",
    "What is 5?": "",
    "Which drug blocks the transporter of the thick ascending limb?": "",
  };
  for (const [question, topic] of Object.entries(cases))
    expect([question, topicOf(question)]).toEqual([question, topic]);
});

describe("what is offered", () => {
  const passage =
    "Diuretics relieve the oedema of heart failure. Hypokalaemia follows furosemide; hypokalaemia causes arrhythmia. Pay attention in April.";

  test("is a term of the passages that the answer uses, and the commands", () => {
    const answer = "Furosemide may cause hypokalaemia [1].";
    expect(
      followUps({ question: "What are loop diuretics?", answer, citations: [{ text: passage }] }),
    ).toEqual([
      { label: "Explain hypokalaemia", text: "/explain hypokalaemia" },
      { label: "Quiz me on loop diuretics", text: "/mcq loop diuretics" },
      { label: "Make flashcards of this", text: "/flashcard loop diuretics" },
    ]);
  });

  test("is about the topic of a command, and not about how many were asked for", () => {
    expect(labels("/mcq 5 gout")).toEqual(["Make flashcards of this"]);
    expect(followUps({ question: "/mcq 5 gout", answer: "", citations: [] })[0]?.text).toBe(
      "/flashcard gout",
    );
    expect(labels("/explain 5 Ps of ischaemia")[0]).toBe("Quiz me on 5 Ps of ischaemia");
  });

  test("is only the commands where there is no such term", () => {
    expect(labels("What is preload?", "The stretch.")).toEqual([
      "Quiz me on preload",
      "Make flashcards of this",
    ]);
    expect(labels("How does furosemide cause hypokalaemia?", "It does so.", passage)).toEqual([
      "Quiz me on this",
      "Make flashcards of this",
    ]);
    expect(termsIn([{ text: passage }], "Pay attention in April: hypokalaemia.", "hypokalaemias?")).toEqual(
      [],
    );
  });

  test("is not what was just done", () => {
    expect(labels("/mcq beta blockers", "1. …")).toEqual(["Make flashcards of this"]);
    expect(labels("/flashcard beta blockers", "Front: …")).toEqual(["Quiz me on beta blockers"]);
    expect(labels("")).toEqual([]);
    expect(labels("x ".repeat(400))).toEqual([]);
  });
});

test("whatever was asked, what is offered is short, says something, and is always the same", () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), fc.array(fc.string()), (question, answer, texts) => {
      const facts = { question, answer, citations: texts.map((text) => ({ text })) };
      const offered = followUps(facts);
      expect(followUps(facts)).toEqual(offered);
      expect(offered.length).toBeLessThanOrEqual(3);
      for (const { label, text } of offered) {
        expect(label.length).toBeLessThan(90);
        expect(text).toMatch(/^\/(?:explain|mcq|flashcard) \S/);
      }
    }),
  );
});
