// `#lines-12:14` names no element: marks the rows and goes to the first of them.
function markLines() {
  const range = /^#lines-(\d+):(\d+)$/.exec(location.hash)
  for (const row of document.querySelectorAll('tr.marked')) row.classList.remove('marked')
  if (range === null) return
  for (let number = Number(range[1]); number <= Number(range[2]); number += 1) {
    const row = document.getElementById(`lines-${number}`)
    if (row === null) break
    row.classList.add('marked')
  }
  document.getElementById(`lines-${range[1]}`)?.scrollIntoView()
}

addEventListener('hashchange', markLines)
markLines()
