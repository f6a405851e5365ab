/**
 * What the API says word for word, so that it can be said in other languages. What is not here is shown as it came: it is
 * English, but it is better than nothing.
 */
import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";

const TEXTS: readonly MessageDescriptor[] = [
  // Signing in.
  msg`The address or the password is wrong.`,
  msg`This address cannot be registered. If it is yours, sign in.`,
  msg`This account is disabled.`,
  msg`Your session has ended. Please sign in again.`,
  msg`Please sign in.`,
  msg`You are not allowed to do this.`,
  msg`Too many attempts. Please try again later.`,
  // What is closed.
  msg`We're currently performing maintenance. Please check back soon.`,
  msg`Some features are temporarily unavailable. Chat and core features still work.`,
  // Conversations.
  msg`An answer is still being written in this conversation. Wait for it, or stop it.`,
  msg`Only your own messages can be edited.`,
  msg`This job has already ended.`,
  msg`This is too long for the AI providers that can answer now. Try a shorter question, or start a new conversation.`,
  msg`No AI provider that can answer now understands pictures. Describe what you see, or try again later.`,
  msg`No AI provider could take this request. The admins can see why. It may help to ask in other words, or in a new conversation.`,
  msg`The AI provider stopped before it gave an answer, for reasons of its own. Nothing is wrong with your question. Please try again, or ask in other words.`,
  msg`The AI model thought until it had no room left for an answer. Please try again, or ask for less at once.`,
  msg`No AI provider can answer right now. Please try again later.`,
  msg`Your own key could not answer, and this feature is closed at the moment. Please try again later.`,
  msg`The AI provider declined to answer this. Please rephrase your question.`,
  msg`You have 100 folders, which is the most there may be.`,
  msg`Sharing by links is switched off here.`,
  // Documents.
  msg`This PDF is protected with a password. Send the password to have it read.`,
  msg`This password does not open the PDF. Please try another one.`,
  msg`This file is not a PDF, although it begins like one.`,
  msg`This PDF is damaged and cannot be read. Try to open it in a PDF viewer and save it anew.`,
  msg`Reading this PDF took too long. Split it into parts, or save it anew.`,
  msg`This PDF needs too much memory to be read. Split it into parts, or save it anew.`,
  msg`This PDF has no text, only images of its pages. Text recognition (OCR) can read them.`,
  msg`This PDF has only images of its pages, and no text could be recognised in them.`,
  msg`Text recognition (OCR) is not installed here. Ask your administrator to install tesseract and poppler.`,
  msg`This PDF could not be read because of an error of ours. Please try again later.`,
  msg`The reading of this PDF was stopped. Upload it again to have it read.`,
  msg`This document is being deleted. Please try again.`,
  msg`This document is still being read.`,
  // Decks and reviews.
  msg`This card is not due: it was answered elsewhere.`,
  msg`There is no answer of today to take back.`,
  msg`You have 1,000 decks, which is the most there may be.`,
  msg`You have 100,000 notes, which is the most there may be.`,
  // Keys of one's own.
  msg`You have five keys, which is the most. Delete one first.`,
  msg`You have this key already.`,
  // Whatever fails.
  msg`An error occurred. Please try again later.`,
  msg`The server can’t be reached. Check your connection.`,
  msg`This part of the app could not be loaded. Please try again.`,
  msg`The server has a problem. Please try again.`,
  msg`Something went wrong. Please try again.`,
  msg`This did not work.`,
  msg`Some fields are not valid.`,
  // Of a field: the rest of a sentence that begins with its name.
  msg`is missing`,
  msg`is empty`,
  msg`is damaged`,
  msg`has too many pixels`,
  msg`must not be blank`,
  msg`must not have control characters`,
  msg`must have 1 to 100 characters`,
  msg`is the name of another folder`,
  msg`is the title of another deck`,
  msg`would put the deck below itself`,
  msg`would make the title of a deck below longer than 300 characters`,
  msg`names an image that is not there`,
  msg`names a document that is not there`,
  msg`is no page of the document`,
  msg`has HTML; write Markdown`,
  msg`must have at most 20000 characters`,
  msg`names a folder that is not there`,
  msg`is not a valid e-mail address`,
  msg`must have at least 8 characters`,
  msg`must have at most 1000 bytes`,
  msg`must mix two kinds of characters: lower case, upper case, digits, others`,
  msg`is one of the most common passwords`,
  msg`must lead to the public internet`,
  msg`names no host`,
];

export const SERVER_TEXTS: ReadonlyMap<string, MessageDescriptor> = new Map(
  TEXTS.map((text) => [text.message ?? text.id, text]),
);
