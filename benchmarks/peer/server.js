// What the sidecar is measured beside: the same operations in Express, with one progress document per learner and
// course that is loaded, changed and saved as a whole. `node server.js` wants PEER_DATABASE (a file), and may have
// PEER_PORT (0: any), PEER_SYNCHRONOUS (FULL or NORMAL) and PEER_REQUESTS (allowed in 15 minutes by one address).
// It prints its address once it listens.
'use strict';

const { createSecretKey, randomBytes } = require('node:crypto');
const Database = require('better-sqlite3');
const compression = require('compression');
const cors = require('cors');
const express = require('express');
const { rateLimit } = require('express-rate-limit');
const helmet = require('helmet');
const jwt = require('jsonwebtoken');
const progress = require('./progress');

const { PEER_DATABASE, PEER_PORT = '0', PEER_SYNCHRONOUS = 'FULL', PEER_REQUESTS = '1000' } = process.env;
const key = createSecretKey(randomBytes(32)); // once: jsonwebtoken makes a key object of a text at every call

const database = new Database(PEER_DATABASE);
database.pragma('journal_mode = WAL');
database.pragma(`synchronous = ${PEER_SYNCHRONOUS === 'NORMAL' ? 'NORMAL' : 'FULL'}`);
const readCourse = database.prepare('SELECT document FROM course WHERE id = ?').pluck();
const load = database.prepare('SELECT document FROM progress WHERE learner = ? AND course = ?').pluck();
const save = database.prepare(
  'INSERT INTO progress (learner, course, document) VALUES (?, ?, ?) ' +
    'ON CONFLICT (learner, course) DO UPDATE SET document = excluded.document',
);
const outlines = new Map();

// What a completion needs to know of a course; read once, as courses do not change here.
function outline(course) {
  if (!outlines.has(course)) {
    const text = readCourse.get(course);
    outlines.set(course, text === undefined ? null : progress.outline(JSON.parse(text)));
  }
  return outlines.get(course);
}

function complete(learner, given) {
  const course = outline(given.course_id);
  if (!course) return { status: 404, body: { code: 'not_found.course' } };
  const text = load.get(learner, given.course_id);
  const document = text === undefined ? progress.begin(learner, given.course_id) : JSON.parse(text);
  const found = progress.complete(document, course, given, new Date());
  if (found.status === 200) save.run(learner, given.course_id, JSON.stringify(document));
  return found;
}

function signedIn(request, response, next) {
  const [scheme, token] = (request.get('authorization') ?? '').split(' ');
  if (scheme !== 'Bearer' || !token) return response.status(401).json({ code: 'unauthorized' });
  try {
    request.learner = Number(jwt.verify(token, key, { algorithms: ['HS256'], audience: 'api', issuer: 'peer' }).sub);
  } catch {
    return response.status(401).json({ code: 'unauthorized' });
  }
  return next();
}

const application = express();
application.use(helmet());
application.use(cors());
application.use(compression());
application.use(express.json({ limit: '10mb' }));
application.use(
  rateLimit({ windowMs: 15 * 60 * 1000, limit: Number(PEER_REQUESTS), standardHeaders: true, legacyHeaders: false }),
);

application.get('/health', (_request, response) => {
  response.json({ status: database.prepare('SELECT 1').pluck().get() === 1 ? 'ok' : 'down' });
});

// Whoever asks for it is believed: what is measured comes after signing in.
application.post('/api/v1/auth', (request, response) => {
  const claims = { subject: String(request.body.learner), audience: 'api', issuer: 'peer', expiresIn: '1h' };
  response.json({ access_token: jwt.sign({ role: 'learner' }, key, claims) });
});

application.get('/api/v1/courses/:course', signedIn, (request, response) => {
  const text = readCourse.get(Number(request.params.course));
  if (text === undefined) return response.status(404).json({ code: 'not_found.course' });
  return response.json(JSON.parse(text));
});

application.post('/api/v1/courses/:course/lessons/:lesson/sections/:section/complete', signedIn, (request, response) => {
  const { course, lesson, section } = request.params;
  const place = { course_id: Number(course), lesson_id: Number(lesson), section_id: Number(section) };
  const found = complete(request.learner, { ...request.body, ...place });
  response.status(found.status).json(found.body);
});

application.get('/api/v1/courses/:course/progress', signedIn, (request, response) => {
  const course = outline(Number(request.params.course));
  const text = course ? load.get(request.learner, course.id) : undefined;
  if (text === undefined) return response.status(404).json({ code: 'not_found' });
  return response.json(progress.view(JSON.parse(text), course));
});

application.post('/api/v1/progress/batch', signedIn, (request, response) => {
  const results = request.body.items.map((item) => complete(request.learner, item));
  response.json({ results });
});

const server = application.listen(Number(PEER_PORT), '127.0.0.1', () => {
  console.log(`http://127.0.0.1:${server.address().port}`);
});
server.keepAliveTimeout = 60_000;
process.on('SIGTERM', () => process.exit(0));
