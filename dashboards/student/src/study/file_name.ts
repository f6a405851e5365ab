/** What a file is called that is made of something with a title. */
export function nameOfFile(title: string, otherwise: string, extension: string): string {
  const name = title
    .replace(/[^\p{L}\p{N} ._-]+/gu, "")
    .trim()
    .slice(0, 100);
  return `${name || otherwise}.${extension}`;
}
