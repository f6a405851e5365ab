/** The names of jobs that are offered before any were seen. Others are found all the same. */
export { JOB_NAMES as NAMES } from "@medai/client/names";
