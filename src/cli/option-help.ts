/** What an option means, as `weir COMMAND --help` tells it: the option with its value, then a sentence's worth. */
export type OptionHelp = readonly (readonly [option: string, meaning: string])[]

/** Of commands that work here or at another Weir. */
export const remoteHelp: OptionHelp = [
  ['--url URL', 'the Weir to ask (or WEIR_URL); without one, the Weir of this machine'],
  ['--token-file FILE', 'its API token (or WEIR_TOKEN, WEIR_TOKEN_FILE); --token - reads it from standard input'],
  ['--organization NAME', 'where this machine has several'],
]

export const formatHelp: OptionHelp = [
  ['--format F', 'the report’s format, where Weir does not recognise it (docs/formats.md)'],
]
export const jsonHelp: OptionHelp = [['--json', 'one JSON object on standard output']]

/** Lines of one option each, their meanings below each other. */
export function layOutOptions(options: OptionHelp): string {
  const width = Math.max(...options.map(([option]) => option.length)) + 2
  return options.map(([option, meaning]) => `  ${option.padEnd(width)}${meaning}`).join('\n')
}
