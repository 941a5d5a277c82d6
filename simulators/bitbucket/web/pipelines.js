// Build statuses link to a place behind the # of this page, which no server ever sees.
const wanted = /^#!\/results\/(\d+)(?:\/steps\/(?:%7B|\{)([\w-]+))?/i.exec(location.hash)
if (wanted) {
  const [, number, step] = wanted
  const base = location.pathname.replace(/\/(addon\/pipelines\/home|pipelines)\/?$/, '')
  location.replace(`${base}/pipelines/results/${number}${step ? `#step-${step}` : ''}`)
}

// While something runs the page is loaded anew, with what was open still open; not under somebody who writes or marks text.
const refreshMs = 2000
const remembered = `open:${location.pathname}`

function isInUse() {
  const active = document.activeElement
  return active?.closest('form, select, input, textarea') instanceof Element || String(getSelection()) !== ''
}

function refresh() {
  if (document.hidden || isInUse()) return
  const open = [...document.querySelectorAll('details[open][id]')].map((one) => one.id)
  sessionStorage.setItem(remembered, JSON.stringify({ open, focused: document.activeElement?.id ?? '' }))
  location.reload()
}

const { open = [], focused = '' } = JSON.parse(sessionStorage.getItem(remembered) ?? '{}')
sessionStorage.removeItem(remembered)
for (const id of open) document.getElementById(id)?.setAttribute('open', '')
if (focused) document.getElementById(focused)?.focus({ preventScroll: true })
if (document.getElementById('refresh') && !wanted) setInterval(refresh, refreshMs)
