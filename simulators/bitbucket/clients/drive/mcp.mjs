// Talks to an MCP server over stdio with the SDK that the server itself is built on.
import { input, load } from './packages.mjs'

/** Starts the server and answers what a model's host can do with it. */
export async function startServer({ script, preload = [], env }) {
  const { Client } = load('@modelcontextprotocol/sdk/client/index.js')
  const { StdioClientTransport } = load('@modelcontextprotocol/sdk/client/stdio.js')
  const { PATH, HOME, SIMULATED_BITBUCKET, SIMULATED_BITBUCKET_ONLY } = process.env
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [...preload, `${input.folder}/node_modules/${script}`],
    env: { PATH, HOME, NODE_NO_WARNINGS: '1', SIMULATED_BITBUCKET, SIMULATED_BITBUCKET_ONLY, ...env },
    stderr: 'ignore',
  })
  const client = new Client({ name: 'try', version: '1.0.0' }, { capabilities: {} })
  await client.connect(transport)
  const { tools } = await client.listTools()
  return {
    tools: tools.map((tool) => tool.name),
    /** What the tool said; its failure throws. */
    call: async (name, args) => {
      const answer = await client.callTool({ name, arguments: args })
      const text = answer.content.map((one) => one.text ?? '').join('\n')
      if (answer.isError) throw new Error(`${name}: ${text}`)
      return text
    },
    stop: async () => await client.close(),
  }
}
