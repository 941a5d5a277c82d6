import type { CallKind, MailKind } from './call-kinds.ts'

/** A kind in the words in which a member chooses it. */
export function describeKind(kind: MailKind): string {
  switch (kind) {
    case 'message':
      return 'Somebody writes a message'
    case 'mentioned':
      return 'Somebody mentions you'
    case 'assigned':
      return 'Something is assigned to you'
    case 'new_critical':
      return 'Something critical is new'
    case 'awaiting_validation':
      return 'A developer says it is done'
    case 'reopened':
      return 'Something comes back'
    case 'sync_failed':
      return 'Something could not be sent and needs you'
    case 'held_back':
      return 'A policy holds back what would be sent'
    case 'deadline_approaching':
      return 'A deadline comes near'
    case 'deadline_breached':
      return 'A deadline passes'
    case 'acceptance_ending':
      return 'An accepted risk is to be looked at within a week'
    case 'acceptance_due':
      return 'An accepted risk is to be looked at today'
    case 'acceptance_ended':
      return 'An accepted risk ended and is open again'
    case 'credential_ending':
      return 'A credential of a connection ends'
    case 'webhook_disabled':
      return 'A webhook was disabled'
    case 'weekly_digest':
      return 'A week is over: its delivery figures'
    default:
      return kind satisfies never
  }
}

/** Where a call that is about no single vulnerability leads: a path of the pages. */
export function pathOfKind(kind: CallKind): string {
  switch (kind) {
    case 'webhook_disabled':
      return '/integrations/webhooks'
    case 'credential_ending':
      return '/integrations'
    case 'held_back':
      return '/policies'
    case 'message':
    case 'mentioned':
    case 'assigned':
    case 'new_critical':
    case 'awaiting_validation':
    case 'reopened':
    case 'sync_failed':
    case 'deadline_approaching':
    case 'deadline_breached':
    case 'acceptance_ending':
    case 'acceptance_due':
    case 'acceptance_ended':
      return '/inbox'
    default:
      return kind satisfies never
  }
}
