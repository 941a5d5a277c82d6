import type { Chance } from './chance.ts'
import {
  type Answered,
  type Conversation,
  isCertain,
  noteAdrift,
  noteDeletion,
  noteEdit,
  noteSaid,
  type Said,
  textOf,
} from './oracle.ts'

/** What people do on both sides of one problem. */
export type Doing =
  | 'say'
  | 'say_internally'
  | 'reply'
  | 'answer'
  | 'edit'
  | 'delete'
  | 'close_or_open'
  | 'scan'
  | 'decide'
  | 'send'
  | 'attach'
  | 'attach_there'
  | 'delete_item'

type New = Answered<{ id: string; version: number }>

/** How each doing is carried out; `Place` is whatever the world needs to find the problem on both sides. */
export type World<Place> = {
  /** `parent`: what it replies to, of either side. */
  say: (place: Place, input: { text: string; parent: Said | undefined; isInternal: boolean }) => Promise<New>
  sayAgain: (place: Place, said: Said, text: string) => Promise<Answered<{ version: number }>>
  takeBack: (place: Place, said: Said) => Promise<Answered<unknown>>
  answer: (place: Place, text: string) => Promise<New>
  answerAgain: (place: Place, said: Said, text: string) => Promise<Answered<{ version: number }>>
  takeAnswerBack: (place: Place, said: Said) => Promise<Answered<unknown>>
  closeOrOpen: (place: Place, chance: Chance) => Promise<unknown>
  scan: (place: Place, chance: Chance) => Promise<unknown>
  decide: (place: Place, chance: Chance) => Promise<unknown>
  send: (place: Place) => Promise<unknown>
  /** Says something with a file. */
  attach?: (place: Place, input: { text: string; name: string }) => Promise<New>
  /** A developer puts a file into the item. */
  attachThere?: (place: Place, name: string) => Promise<Answered<unknown>>
  /** Somebody deletes the item. */
  deleteItem?: (place: Place) => Promise<Answered<unknown>>
}

export type Weights = Readonly<Record<Doing, number>>

/** As people do: most of it is talk. */
export const usualWeights: Weights = {
  say: 18,
  say_internally: 3,
  reply: 8,
  answer: 22,
  edit: 14,
  delete: 6,
  close_or_open: 10,
  scan: 4,
  decide: 6,
  send: 2,
  attach: 0,
  attach_there: 0,
  delete_item: 0,
}

/** With what costs more to play. */
export const allWeights: Weights = { ...usualWeights, send: 3, attach: 3, attach_there: 2, delete_item: 0.7 }

const doings: readonly Doing[] = [
  'say',
  'say_internally',
  'reply',
  'answer',
  'edit',
  'delete',
  'close_or_open',
  'scan',
  'decide',
  'send',
  'attach',
  'attach_there',
  'delete_item',
]

type Subject<Place> = { place: Place; conversation: Conversation; chance: Chance; nextMark: () => number }

/** Draws one doing, carries it out and notes what the answer makes true. Answers what it was. */
export async function doSomething<Place>(
  world: World<Place>,
  subject: Subject<Place>,
  weights: Weights = usualWeights,
): Promise<Doing> {
  const { place, chance } = subject
  const doing = chance.weigh(doings.map((one) => [one, weights[one]] as const)) ?? 'say'
  switch (doing) {
    case 'say':
    case 'say_internally':
    case 'reply':
      await speak(world, subject, doing)
      break
    case 'answer': {
      const mark = subject.nextMark()
      const text = textOf(mark, 0)
      const answered = await world.answer(place, text)
      noteSaid(subject.conversation, { mark, by: 'developer', isInternal: false, text }, answered)
      break
    }
    case 'edit':
      await edit(world, subject)
      break
    case 'delete': {
      const said = pickSaid(subject)
      if (said === undefined) break
      noteDeletion(
        said,
        await (said.by === 'champion' ? world.takeBack(place, said) : world.takeAnswerBack(place, said)),
      )
      break
    }
    case 'close_or_open':
      await world.closeOrOpen(place, chance)
      break
    case 'scan':
      await world.scan(place, chance)
      break
    case 'decide':
      await world.decide(place, chance)
      break
    case 'send':
      await world.send(place)
      break
    case 'attach':
    case 'attach_there':
      await attach(world, subject, doing)
      break
    case 'delete_item': {
      const answered = await world.deleteItem?.(place)
      if (answered?.kind === 'done') noteAdrift(subject.conversation)
      break
    }
    default:
      return doing satisfies never
  }
  return doing
}

function pickSaid<Place>({ conversation, chance }: Subject<Place>): Said | undefined {
  return chance.pick(conversation.said.filter(isCertain))
}

async function speak<Place>(
  world: World<Place>,
  subject: Subject<Place>,
  doing: 'say' | 'say_internally' | 'reply',
): Promise<void> {
  const isInternal = doing === 'say_internally'
  const heard = subject.conversation.said.filter((one) => !one.isInternal && isCertain(one))
  const parent = doing === 'reply' ? subject.chance.pick(heard) : undefined
  const mark = subject.nextMark()
  const text = textOf(mark, 0)
  const answered = await world.say(subject.place, { text, parent, isInternal })
  noteSaid(subject.conversation, { mark, by: 'champion', isInternal, text }, answered)
}

async function edit<Place>(world: World<Place>, subject: Subject<Place>): Promise<void> {
  const said = pickSaid(subject)
  if (said === undefined) return
  const former = Number(said.texts[0]?.split('.')[1] ?? 0)
  const text = textOf(said.mark, former + 1)
  const { place } = subject
  noteEdit(
    said,
    text,
    await (said.by === 'champion' ? world.sayAgain(place, said, text) : world.answerAgain(place, said, text)),
  )
}

async function attach<Place>(
  world: World<Place>,
  { place, conversation, nextMark }: Subject<Place>,
  doing: 'attach' | 'attach_there',
): Promise<void> {
  const mark = nextMark()
  const name = `file-${mark}.txt`
  if (doing === 'attach_there') {
    const answered = await world.attachThere?.(place, name)
    if (answered?.kind === 'done') conversation.files.push({ name, goesWith: undefined })
    return
  }
  const text = textOf(mark, 0)
  const answered = (await world.attach?.(place, { text, name })) ?? { kind: 'refused' }
  noteSaid(conversation, { mark, by: 'champion', isInternal: false, text }, answered)
  const goesWith = conversation.said.at(-1)
  if (answered.kind !== 'refused' && goesWith !== undefined) conversation.files.push({ name, goesWith })
}
