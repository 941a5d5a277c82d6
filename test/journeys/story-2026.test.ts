import { describeStory } from './story.ts'

describeStory('2026')
