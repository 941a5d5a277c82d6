/** The page at /api/docs: the OpenAPI document as plain HTML, without a script. */
export function renderDocsPage(document: unknown): string {
  const paths = Object.entries(entriesOf(entriesOf(document)['paths']))
  const operations = paths.flatMap(([path, methods]) =>
    Object.entries(entriesOf(methods)).map(([method, operation]) => ({
      path,
      method,
      operation: entriesOf(operation),
    })),
  )
  const tags = Map.groupBy(operations, ({ operation }) => textOf([operation['tags']].flat()[0], 'Other'))
  const nav = [...tags.keys()].map((tag) => `<a href="#${escape(tag)}">${escape(tag)}</a>`).join(' ')
  const sections = [...tags].map(
    ([tag, list]) =>
      `<section id="${escape(tag)}"><h2>${escape(tag)}</h2>${list.map(renderOperation).join('')}</section>`,
  )
  const info = entriesOf(entriesOf(document)['info'])
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Weir API</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><style>${style}</style></head><body><main>
<p><a href="/">← Back to Weir</a></p>
<h1>Weir API ${escape(textOf(info['version']))}</h1>
<p>${withCode(textOf(info['description']))} The same as a document for programs: <a href="/api/openapi.json">openapi.json</a>.</p>
<nav>${nav}</nav>${sections.join('')}</main></body></html>`
}

type Operation = { path: string; method: string; operation: Record<string, unknown> }

function renderOperation({ path, method, operation }: Operation): string {
  const parameters = [operation['parameters']]
    .flat()
    .map(entriesOf)
    .filter((parameter) => 'name' in parameter)
  const rows = parameters.map(
    (parameter) =>
      `<tr><td><code>${escape(textOf(parameter['name']))}</code></td><td>${escape(textOf(parameter['in']))}${
        parameter['required'] === true ? ', required' : ''
      }</td><td>${renderSchema(parameter['schema'])}</td></tr>`,
  )
  const responses = Object.entries(entriesOf(operation['responses'])).filter(([status]) => status !== 'default')
  const answers = responses.map(([status, answer]) => `<h4>Answer ${escape(status)}</h4>${renderContent(answer)}`)
  const body = 'requestBody' in operation ? `<h4>Body</h4>${renderContent(operation['requestBody'])}` : ''
  return `<details><summary><b class="${escape(method)}">${escape(method.toUpperCase())}</b> <code>${escape(path)}</code>
<span>${withCode(textOf(operation['summary']))}</span></summary>
<p>Access: <code>${escape(textOf(operation['x-weir-access']))}</code> · operation <code>${escape(textOf(operation['operationId']))}</code></p>
${rows.length > 0 ? `<table>${rows.join('')}</table>` : ''}${body}${answers.join('')}</details>`
}

function renderContent(value: unknown): string {
  const [first] = Object.values(entriesOf(entriesOf(value)['content']))
  return first === undefined ? '<p>No body.</p>' : renderSchema(entriesOf(first)['schema'])
}

function renderSchema(schema: unknown): string {
  return `<pre>${escape(JSON.stringify(schema, null, 2) ?? '')}</pre>`
}

function entriesOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : {}
}

function textOf(value: unknown, fallback = ''): string {
  return typeof value === 'string' ? value : fallback
}

/** Escaped, with `what stands in backticks` as code. */
function withCode(text: string): string {
  return escape(text).replace(/`([^`]+)`/g, '<code>$1</code>')
}

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.codePointAt(0)};`)
}

const style = `:root{color-scheme:light dark;font:15px/1.5 system-ui,sans-serif}main{max-width:70rem;margin:auto;padding:1rem}
body{margin:0}nav a{margin-right:.8rem}code{overflow-wrap:anywhere}table{width:100%;table-layout:fixed;overflow-wrap:anywhere}summary{cursor:pointer;padding:.3rem 0}summary span{opacity:.75}details{border-bottom:1px solid #8884}
pre{overflow:auto;max-height:24rem;background:#8881;padding:.6rem;font-size:12px}td{vertical-align:top;padding:.2rem .8rem .2rem 0}
b{display:inline-block;min-width:4.2rem}.get{color:#0a7}.post{color:#27c}.patch,.put{color:#a60}.delete{color:#c33}`
