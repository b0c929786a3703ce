-- A rule of the target that no engine can know before it publishes: GMV of province 99 is refused, row by row.
CREATE OR REPLACE FUNCTION ads.refuse_province() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'province % is closed for reports', NEW.province_id USING ERRCODE = 'P0001';
END $$;

CREATE OR REPLACE TRIGGER refuse_province BEFORE INSERT OR UPDATE ON ads.gmv_minute
  FOR EACH ROW WHEN (NEW.province_id = '99') EXECUTE FUNCTION ads.refuse_province();
