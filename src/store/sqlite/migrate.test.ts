import Sqlite, { type Database } from "better-sqlite3";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { migrate, StoreTooNewError } from "./migrate.ts";

describe("migrations", () => {
  let db: Database;
  beforeEach(() => {
    db = new Sqlite(":memory:");
  });
  afterEach(() => db.close());

  const version = (): unknown => db.pragma("user_version", { simple: true });

  it("runs each migration once, whatever version it starts from", () => {
    migrate(db, ["CREATE TABLE a (x)"]);
    expect(version()).toBe(1);
    migrate(db, ["CREATE TABLE a (x)", "CREATE TABLE b (x)", "CREATE TABLE c (x)"]);
    migrate(db, ["CREATE TABLE a (x)", "CREATE TABLE b (x)", "CREATE TABLE c (x)"]);
    expect(version()).toBe(3);
    expect(db.prepare("SELECT name FROM sqlite_schema ORDER BY name").pluck().all()).toEqual(["a", "b", "c"]);
  });

  it("leaves the version before a migration that fails half-way, and nothing of it", () => {
    expect(() => migrate(db, ["CREATE TABLE a (x)", "CREATE TABLE b (x); NOT SQL"])).toThrow("syntax error");
    expect([version(), db.inTransaction]).toEqual([1, false]);
    expect(db.prepare("SELECT name FROM sqlite_schema").pluck().all()).toEqual(["a"]);
  });

  it("refuses a database that a later Reelay wrote and leaves it as it is", () => {
    db.pragma("user_version = 7");
    expect(() => migrate(db)).toThrow(StoreTooNewError);
    expect(() => migrate(db)).toThrow("has version 7, and this Reelay knows versions up to 3");
    expect(version()).toBe(7);
  });
});
