// What `npm run import -- --help` prints.

export const usage = `Imports events from a file into a journey.

  npm run import -- FILE [--journey ID] [options]        FILE may be - for standard input, and gzipped

Events, one JSON object a line as POST /v1/events takes them (.ndjson, .jsonl):
  npm run import -- events.ndjson.gz --journey welcome

An activity log, one row for each step that somebody took (.csv, .tsv). Each person has one entry, from their first
row to their last. Columns with usual names (user_id, case_id, event, activity, timestamp, …) are found by themselves:
  npm run import -- log.csv --journey orders --conversion "Order paid"
  --user COLUMN, --step COLUMN, --at COLUMN   who, which step, when
  --order COLUMN                              a number that orders a person's rows of one time; else their order in the file
  --conversion STEP[=EVENT]                   each row of this step is also a product event, named EVENT or like the step
  --properties COLUMN,COLUMN                  columns that become properties of that product event
  The rows are held in memory, some 200 bytes each.

Any other table, a row an event: FIELD=COLUMN takes a column, FIELD:=TEXT a fixed text, properties.KEY is a property.
Fields are those of POST /v1/events; a row without an id gets one made of its number and content:
  npm run import -- sales.csv --map userId=customer,at=paid_at --map type:=track,name:=Purchase,properties.total=amount

  --journey ID         the journey of events that do not name one. It is defined when it is not yet: named by its id,
                       with the steps in the file, and the conversion of --conversion counted until 24 hours after exit
  --definition FILE    the definition to use for that instead, as PUT /v1/journeys/ID takes it
  --workspace NAME     made when new; "demo", which the demo shows, unless given
  --zone ZONE          the IANA time zone of times that name none, and of a journey that is defined here; UTC unless given
  --format FORMAT      ndjson or csv, when the file's name does not tell
  --delimiter TEXT     what separates columns, when it is none of , ; | and TAB
  --strict             exit with 1 when any line was rejected
  --restart            begin at the first line. An import that was stopped goes on where it was; lines that come
                       twice are duplicates and do no harm
  --json               print the summary as JSON

The database is the one that npm start uses, running or not: DATABASE_URL, or the embedded one in DATA_DIR.`;
