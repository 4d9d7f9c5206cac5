/** Books that do not balance are found. */
import {
  charge1,
  describeFaults,
  done,
  entry,
  grant,
  hold1,
  hold2,
  ledger,
  more,
  read,
  release1,
  release2,
  SOUND,
  t1,
  t2,
} from "./sound.ts";

describeFaults([
  [
    "the ledger's entries of every task add up to minus what was delivered",
    [
      [
        "charged and failed",
        {
          ...ledger(...SOUND.ledger, entry("t2", "charge", -1)),
          balances: [{ owner: "k1", granted: 50_000, held: 0, spent: 20_001 }],
        },
      ],
      [
        "delivered and not charged",
        {
          ...ledger(grant, hold1, hold2, release2, release1),
          balances: [{ owner: "k1", granted: 50_000, held: 0, spent: 0 }],
        },
      ],
      [
        "charged twice, half each",
        ledger(
          grant,
          hold1,
          hold2,
          release2,
          release1,
          entry("t1", "charge", -10_000),
          entry("t1", "charge", -10_000),
        ),
      ],
      [
        "charged for each of two attempts",
        {
          ...ledger(...SOUND.ledger, entry("t1", "charge", -20_000)),
          balances: [{ owner: "k1", granted: 50_000, held: 0, spent: 40_000 }],
        },
      ],
      ["charged more than held", { tasks: [{ ...t1, hold: 10_000 }, t2] }],
      ["charged another amount than told", more(read(7, { ...done, id: "t1", credits: 1.5 }))],
      ["of no task", ledger(...SOUND.ledger, entry("t9", "hold", -1), entry("t9", "release", 1))],
    ],
  ],
  [
    "no hold is left",
    [
      [
        "of a failed task",
        {
          ...ledger(grant, hold1, hold2, release1, charge1),
          balances: [{ owner: "k1", granted: 50_000, held: 25_000, spent: 20_000 }],
        },
      ],
    ],
  ],
  [
    "every balance equals the sum of its entries",
    [
      ["spent less", { balances: [{ owner: "k1", granted: 50_000, held: 0, spent: 0 }] }],
      ["granted more", { balances: [{ owner: "k1", granted: 60_000, held: 0, spent: 20_000 }] }],
      ["no balance", { balances: [] }],
      [
        "of an account that has no entries",
        { balances: [...SOUND.balances, { owner: "account:a", granted: null, held: 0, spent: 1 }] },
      ],
      [
        "of an account that has entries and no balance",
        ledger(...SOUND.ledger, { ...grant, keyId: null, account: "a" }),
      ],
    ],
  ],
  [
    "no key was ever above its grant, entry by entry",
    [
      [
        "two holds of a grant for one, both given back",
        {
          ...ledger({ ...grant, amount: 30_000 }, hold1, hold2, release2, release1, charge1),
          balances: [{ owner: "k1", granted: 30_000, held: 0, spent: 20_000 }],
        },
      ],
    ],
  ],
]);
