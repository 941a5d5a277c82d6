/** What an invented trade company's developers write about. */

export const firstNames = (
  'Ada Anouk Bela Bram Cai Carla Dario Dina Edda Emre Fay Finn Gita Goran Hana Hugo Ida Ilan Jana Jonas Kaja Kofi Lea ' +
  'Lior Malin Mato Nadia Nils Olga Omar Paula Pavel Rana Ruben Salma Sven Tara Tibor Uma Vera Wim Xenia Yara Zeno ' +
  'Mina Levi Noor Otis'
).split(' ')

export const lastNames = (
  'Abend Adeyo Almås Aster Barlow Bering Birk Brandal Calvo Castel Darnley Dorn Eklow Ember Falke Fenwick Farrow Galen ' +
  'Grovel Haldane Harrow Hollin Ibarra Iversen Jarl Juno Kestrel Kiran Kovar Larkin Linde Lorne Maren Marlow Moreau Nadir ' +
  'Nordin Oakes Okafor Orlov Pell Perrin Quill Rask Rowan Sable Sorel Storm Tamm Tarrow Thorne Ulrik Vance Varga Vester ' +
  'Wade Wilder Yarrow Yilmar Zander Zorin'
).split(' ')

export const projectNames = [
  ['SHOP', 'Shop'],
  ['PAY', 'Payments'],
  ['LOG', 'Logistics'],
  ['PLAT', 'Platform'],
  ['DATA', 'Data'],
  ['MOB', 'Mobile'],
  ['CRM', 'Customers'],
  ['FIN', 'Finance'],
  ['SEC', 'Security'],
  ['OPS', 'Operations'],
  ['SRCH', 'Search'],
  ['LAB', 'Laboratory'],
] as const

export const repositoryWords = {
  first:
    'amber basalt cedar coral delta elm fjord flint glade grove harbor heron indigo juniper kelp lark lagoon maple meadow nova oak onyx opal pine quartz reef river sage slate tidal umber vale willow zephyr'.split(
      ' ',
    ),
  second: 'api service web worker gateway client jobs engine portal console sync store tools agent'.split(' '),
}

export const things =
  'order cart invoice payment shipment refund customer coupon price stock search login session report export webhook address label subscription catalog review warehouse tax receipt voucher profile notification queue cache audit'.split(
    ' ',
  )

export const features = [
  'Add # filters',
  'Let people export each #',
  'Show the history of a #',
  'Support several # addresses',
  'Accept # updates in batches',
  'Introduce # limits per customer',
  'Move # handling to the worker',
  'Page the # list',
]
export const fixes = [
  'Fix rounding of the # total',
  'Do not lose a # on timeout',
  'Handle an empty # list',
  'Stop double # mails',
  'Fix time zone of the # date',
  'Retry the # call once',
  'Guard against a missing #',
]
export const chores = [
  'Split the # module',
  'Rename # helpers',
  'Remove the old # path',
  'Cover # with tests',
  'Tidy up # logging',
  'Document the # endpoint',
  'Speed up # queries',
]

export const commitWords = [
  'Add # parser',
  'Wire # into the service',
  'Test # edge cases',
  'Rename # fields',
  'Handle # errors',
  'Extract # helper',
  'Validate # input',
  'Log # failures',
  'Adjust # defaults',
  'Remove unused # code',
]
export const fixUps = [
  'Address review remarks',
  'Name things better',
  'Add the missing test',
  'Handle the case from review',
  'Simplify as suggested',
  'Fix lint',
]

export const remarks = [
  'Could this be null when the # has just been created?',
  'Please add a test for an empty #.',
  'I would pull this out into a function of its own.',
  'The name says #, but it also changes the cache.',
  'Is there an index for this # lookup?',
  'nit: `const` is enough here.',
  'What happens when two requests change the same # at once?',
  'This repeats what the # module already does.',
  'Should the limit be configurable?',
  'Let us log the # id here, it helps when something goes wrong.',
  'I am not sure about the rounding of the # sum.',
  'Looks good, one question: why not reuse the # client?',
]
export const generalRemarks = [
  'Nice, much clearer than before.',
  'Tried it locally, works for me.',
  'Do we need a note in the changelog?',
  'Who tells the support team about this?',
  'I will have a closer look this afternoon.',
]
export const replies = [
  'Good point, changed.',
  'Done.',
  'You are right, fixed in the next push.',
  'It cannot: the caller checks it first.',
  'I would rather do that in a second step.',
  'Added a test.',
]
export const taskTexts = [
  'Add a test for this',
  'Check the # migration on staging',
  'Rename before merge',
  'Update the documentation',
]
export const declineReasons = [
  'Not needed any more.',
  'We solve it in another way.',
  'Too large, will be split.',
  'Priorities have changed.',
  'Duplicate.',
]

export const packages = 'undici fastify pino zod kysely vite vitest typescript react luxon ajv bullmq'.split(' ')

export const folders =
  'src/api src/domain src/store src/jobs src/lib src/render src/clients src/config test docs scripts db'.split(' ')
