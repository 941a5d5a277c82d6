/** One line of Markdown as plain words, for places that show a single line: its marks go, its text stays. */
export function toPlainLine(line: string): string {
  return line
    .replaceAll(/!?\[([^\]]*)\]\([^)\s]*\)/g, '$1')
    .replaceAll(/(`+)([^`]+)\1/g, '$2')
    .replaceAll(/(\*\*|__|~~)(?=\S)(.+?)(?<=\S)\1/g, '$2')
    .replaceAll(/(?<![\w*])\*(?=\S)([^*]+)(?<=\S)\*(?![\w*])/g, '$1')
    .replace(/^((?:[^:]{1,80}: )?)(?:#{1,6} |> |[-*+] )+/, '$1')
    .trim()
}
