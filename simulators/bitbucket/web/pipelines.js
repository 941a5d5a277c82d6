// Build statuses link to a place behind the # of this page, which no server ever sees.
const wanted = /^#!\/results\/(\d+)(?:\/steps\/(?:%7B|\{)([\w-]+))?/i.exec(location.hash)
if (wanted) {
  const [, number, step] = wanted
  const base = location.pathname.replace(/\/(addon\/pipelines\/home|pipelines)\/?$/, '')
  location.replace(`${base}/pipelines/results/${number}${step ? `#step-${step}` : ''}`)
}
