import { html } from '../../shared/html.ts'

/** On a page about something that still runs: pipelines.js loads it anew until this is gone; without script people do. */
export const refreshNote = html`<p id="refresh"><small>Still running.</small> <a href="">Refresh</a></p>`
