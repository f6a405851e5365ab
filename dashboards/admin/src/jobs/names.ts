/** The names of jobs that are offered before any were seen. Others are found all the same. */
export const NAMES = [
  "answer_message",
  "deliver_alert",
  "expire_subscriptions",
  "ingest_document",
  "probe_key",
  "probe_keys",
  "prune_audit",
  "recognise_text",
  "reembed_library",
  "release_keys",
  "remove_files",
  "roll_up_usage",
  "run_command",
  "search_documents",
  "sweep",
  "tell_notices",
];
