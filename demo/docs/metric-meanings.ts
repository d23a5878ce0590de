// What each metric counts, in words for hosts. The ids are those of the contract's catalogue; a test holds the two together.

interface Meaning {
  readonly label: string;
  readonly text: string;
}

/** Of the journey as a whole, by the fact that is counted. */
export const journeyMeanings: Readonly<Record<string, Meaning>> = {
  messagesSent: { label: 'Messages Sent', text: 'Messages sent, in all entries of the range.' },
  totalEntries: {
    label: 'Total Entries',
    text: 'Entries that began in the range. A user who enters twice has two. Their distinct users are `entryUsers`.',
  },
  conversionEvents: {
    label: 'Total Conversion Events',
    text: 'Conversion events attributed to those entries, repeats included. Their distinct users are `convertedUsers`, the card Total Converted Users.',
  },
  totalExits: {
    label: 'Total Exits',
    text: 'Entries that exited and have no conversion. Some may still convert while their window is open: `exitsWindowOpen` says how many.',
  },
  activeEntries: { label: 'Active entries', text: 'Entries that have not exited.' },
};

/** Of one step, by the fact that is counted. */
export const stepMeanings: Readonly<Record<string, Meaning>> = {
  entryCount: { label: 'Entry Count', text: 'How often the step was entered. Each entering is a visit.' },
  sentCount: { label: 'Sent', text: 'Messages sent from this step.' },
  failedCount: { label: 'Failed', text: 'Messages that could not be sent.' },
  deliveredCount: { label: 'Delivered', text: 'Messages that reached the device or the mailbox.' },
  shownCount: {
    label: 'Shown',
    text: 'Messages displayed or opened. Some channels report clicks and no displays.',
  },
  clickedCount: { label: 'Clicked', text: 'Clicks. One message may be clicked more than once.' },
  heldCount: { label: 'Held', text: 'Messages that waited for send hours.' },
  skippedCount: { label: 'Skipped', text: 'Messages that were not tried, for example without a permission.' },
  bouncedCount: { label: 'Bounced', text: 'Messages that came back.' },
  unsubscribedCount: { label: 'Unsubscribed', text: 'Users who unsubscribed through this message.' },
  complainedCount: { label: 'Complained', text: 'Users who marked the message as unwanted.' },
  movedOn: { label: 'Moved on', text: 'Visits after which the same entry visited another step.' },
  exited: { label: 'Exited', text: 'Visits that are the last of an entry that has exited.' },
  completed: { label: 'Completed', text: 'Of the exited visits, those whose entry has a conversion.' },
  droppedOff: { label: 'Dropped off', text: 'Of the exited visits, those whose entry has none.' },
  stoppedByFailure: {
    label: 'Stopped by failure',
    text: 'Of those dropped off, the visits whose entry’s last message event at this step is a failure.',
  },
  waiting: { label: 'Waiting', text: 'Visits that are the last of an entry that is still active.' },
  waitingHeld: {
    label: 'Held for send hours',
    text: 'Of those waiting, the visits whose entry’s last message event at this step is a hold.',
  },
  convertedUsers: {
    label: 'Converted',
    text: 'Users who, in one entry, visited the step and converted at or after their first visit there.',
  },
  creditedConversions: {
    label: 'Credited conversions',
    text: 'Conversion events whose last message shown or clicked before them, else last message sent, was of this step.',
  },
};
