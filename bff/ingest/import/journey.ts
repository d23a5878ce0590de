// The journey that an import is for: defines it when nobody has, and names its steps once they are known.
import { readFile } from 'node:fs/promises';
import * as v from 'valibot';
import { inWorkspace } from '../../../db/client.ts';
import { selectJourney } from '../../../db/queries/generations.ts';
import {
  journeyDefinitionSchema,
  maximumSteps,
  type FlowStep,
  type JourneyDefinition,
  type JourneyDefinitionInput,
  type StepType,
} from '../../contract/index.ts';
import { readFlow } from '../../metrics/flow.ts';
import { readJourney } from '../../metrics/read-journey.ts';
import { ReadingCache } from '../../metrics/reading-cache.ts';
import { describeIssues } from '../../middleware/describe-issues.ts';
import { defineJourney } from '../../rollup/define-journey.ts';
import { ImportError } from './import-error.ts';
import type { ImportTarget } from './import-events.ts';
import type { ImportOptions } from './options.ts';

/** Reads a file with a definition. @throws ImportError naming everything that is wrong with it */
export async function readDefinition(file: string): Promise<JourneyDefinition> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new ImportError(`The definition ${file} cannot be read: check its name.`, { cause: error });
  });
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), journeyDefinitionSchema), text);
  if (parsed.success) return parsed.output;
  const problems = describeIssues(parsed.issues).map(({ path, message }) => `  ${path} ${message}`);
  throw new ImportError(`The definition ${file} is not usable:\n${problems.join('\n')}`, {
    cause: parsed.issues,
  });
}

/** What is known of a journey before its file is read. */
function bareDefinition(journeyId: string, { conversion, zone }: ImportOptions): JourneyDefinition {
  const input: JourneyDefinitionInput = {
    name: journeyId,
    timeZone: zone,
    conversion: conversion
      ? { event: conversion.event, stopCountingAfterExit: { value: 24, unit: 'hours' } }
      : null,
  };
  return v.parse(journeyDefinitionSchema, input);
}

async function isDefined({ database, workspaceId }: ImportTarget, journeyId: string): Promise<boolean> {
  const known = await inWorkspace(database, workspaceId, (tx) => selectJourney(tx, workspaceId, journeyId));
  return known !== undefined && known.definition !== null;
}

/** Defines the journey unless it is. @returns whether its steps are still to be named, when the file is read */
export async function ensureJourney(
  target: ImportTarget,
  journeyId: string,
  options: ImportOptions,
): Promise<{ defined: boolean; needsSteps: boolean }> {
  const { definitionFile } = options;
  // Read even when it is not needed, so that a wrong file is noticed.
  const given = definitionFile === undefined ? undefined : await readDefinition(definitionFile);
  if (await isDefined(target, journeyId)) return { defined: false, needsSteps: false };
  const definition = given ?? bareDefinition(journeyId, options);
  await defineJourney(target.database, target.workspaceId, journeyId, definition, false);
  return { defined: true, needsSteps: given === undefined };
}

/** The type of a step by its name and by what happened at it. */
function guessType({ stepId, metrics, outcomes }: FlowStep): StepType {
  const sends = metrics.sentCount + metrics.failedCount + metrics.deliveredCount + metrics.shownCount > 0;
  if (sends) {
    if (/sms/i.test(stepId)) return 'sms';
    if (/e-?mail/i.test(stepId)) return 'email';
    if (/push/i.test(stepId)) return 'push';
    return /in-?app/i.test(stepId) ? 'in-app' : 'custom';
  }
  if (Object.keys(outcomes).length > 1) return 'condition';
  return 'custom';
}

/** Gives the journey the steps that its events name. They must be counted already. */
export async function nameSteps({ database, workspaceId }: ImportTarget, journeyId: string): Promise<void> {
  const source = { database, cache: new ReadingCache(), workspaceId, journeyId };
  const { body } = await readJourney(source, async (reading) => ({
    flow: await readFlow(reading, {}),
    definition: reading.definition,
  }));
  const { flow, definition } = body;
  const named = flow.steps
    .filter((step) => step.undefinedStep)
    .toSorted((a, b) => b.metrics.entryCount - a.metrics.entryCount)
    .slice(0, maximumSteps - definition.steps.length)
    .map((step) => ({ stepId: step.stepId, type: guessType(step) }));
  if (named.length === 0) return;
  const whole = { ...definition, steps: [...definition.steps, ...named] };
  await defineJourney(database, workspaceId, journeyId, whole, false);
}
