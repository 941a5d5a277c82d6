/** What a template's texts may ask for; written as `{{asset}}`. */
export const placeholders = ['asset', 'branch'] as const
export type Placeholder = (typeof placeholders)[number]

/** Puts the values in the place of `{{asset}}` and `{{branch}}`, blanks inside the braces allowed; any other braces stay. */
export function fillTemplate(text: string, values: Readonly<Record<Placeholder, string>>): string {
  return text.replaceAll(/\{\{\s*(asset|branch)\s*\}\}/g, (whole, name: string) => {
    const placeholder = placeholders.find((one) => one === name)
    return placeholder === undefined ? whole : values[placeholder]
  })
}

/** The description a vulnerability begins with: what is wrong, and below it what to do about it. */
export function joinTemplateText({ description, remediation }: { description: string; remediation: string }): string {
  const parts = [description.trim(), remediation.trim() === '' ? '' : `## How to fix it\n\n${remediation.trim()}`]
  return parts.filter((part) => part !== '').join('\n\n')
}
