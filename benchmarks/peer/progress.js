// A progress document: everything that is known of one learner in one course, and what a completion does to it.
'use strict';

const VELOCITY = 5; // completions that the velocity is taken from

// The order of a course's sections, and which lesson each is in.
function outline(course) {
  const sections = course.lessons.flatMap((lesson) =>
    lesson.sections.map(({ id, title, minutes }) => ({ id, title, minutes, lesson: lesson.id, lesson_title: lesson.title })),
  );
  return { id: course.id, title: course.title, sections, lessons: course.lessons.map((lesson) => lesson.id) };
}

function begin(learner, course) {
  const now = new Date().toISOString();
  return { learner, course, enrolled_at: now, last_accessed_at: now, completed: [], path: [], achievements: [] };
}

// Change the document; returns the status and the body to answer with.
function complete(document, course, given, now) {
  const section = course.sections.find((one) => one.id === given.section_id && one.lesson === given.lesson_id);
  if (!section) return { status: 404, body: { code: 'not_found.section' } };
  const earlier = document.completed.find((one) => one.section_id === section.id);
  if (earlier) return { status: 409, body: { code: 'conflict.completed', ...earlier } };
  const at = now.toISOString();
  const seconds = given.time_spent ?? 30;
  const record = { section_id: section.id, lesson_id: section.lesson, completed_at: at, seconds };
  document.completed.push({ ...record, interactions: given.interactions ?? 0, notes: given.notes ?? null });
  document.last_accessed_at = at;
  const velocity = velocityOf(document.completed);
  document.path.push({ at, action: 'section_completed', ...record, velocity, difficulty: 'beginner' });
  const found = view(document, course, velocity);
  const reached = reachedBy(document, course, section, found.percent);
  for (const one of reached) {
    document.achievements.push({ ...one, at });
    document.path.push({ at, action: 'achievement', ...one, velocity, difficulty: 'beginner' });
  }
  const completed = { course_id: course.id, lesson_title: section.lesson_title, section_title: section.title, ...record };
  return { status: 200, body: { completed, progress: found, achievements: reached, next: found.next } };
}

function velocityOf(completed) {
  const last = completed.slice(-VELOCITY);
  if (last.length < 2) return null;
  const seconds = last.reduce((sum, one) => sum + one.seconds, 0);
  return seconds ? (last.length * 3600) / seconds : null;
}

// Where the learner is, as it is told.
function view(document, course, velocity = velocityOf(document.completed)) {
  const done = new Set(document.completed.map((one) => one.section_id));
  const left = course.sections.filter((one) => !done.has(one.id));
  const minutes = left.reduce((sum, one) => sum + one.minutes, 0);
  const open = new Set(left.map((one) => one.lesson));
  const next = left.length
    ? { course_id: course.id, lesson_id: left[0].lesson, section_id: left[0].id, title: left[0].title, minutes: left[0].minutes }
    : null;
  const total = course.sections.length;
  return {
    course_id: course.id,
    title: course.title,
    percent: Math.floor(((total - left.length) * 100) / total),
    sections_done: total - left.length,
    sections_total: total,
    lessons_done: course.lessons.length - open.size,
    lessons_total: course.lessons.length,
    seconds_spent: document.completed.reduce((sum, one) => sum + one.seconds, 0),
    remaining: { low: minutes, high: minutes * 2, own_pace: false },
    velocity,
    next,
    enrolled_at: document.enrolled_at,
    last_accessed_at: document.last_accessed_at,
  };
}

function reachedBy(document, course, section, percent) {
  const had = new Set(document.achievements.map((one) => one.kind));
  const done = new Set(document.completed.map((one) => one.section_id));
  const reached = [['quarter', 25], ['half', 50], ['three_quarters', 75], ['course', 100]]
    .filter(([kind, least]) => percent >= least && !had.has(kind))
    .map(([kind]) => ({ kind, lesson_id: null }));
  const lesson = course.sections.filter((one) => one.lesson === section.lesson);
  if (lesson.every((one) => done.has(one.id))) reached.unshift({ kind: 'lesson', lesson_id: section.lesson });
  return reached;
}

module.exports = { begin, complete, outline, view };
