-- bench/ysb/kafka.yaml in Flink's SQL; the words with a dollar sign are filled in by the runner.
CREATE TABLE ad_events (
  ad_id STRING,
  event_type STRING,
  event_time STRING,
  `at` AS TO_TIMESTAMP_LTZ(CAST(event_time AS BIGINT), 3),
  `now` AS PROCTIME(),
  WATERMARK FOR `at` AS `at` - INTERVAL '1' SECOND
) WITH (
  'connector' = 'kafka',
  'topic' = '$events_topic',
  'properties.bootstrap.servers' = '$brokers',
  'properties.max.poll.records' = '10000',
  'scan.startup.mode' = 'earliest-offset',
  'scan.bounded.mode' = 'latest-offset',
  'format' = 'json'
);

CREATE TABLE ads (
  ad_id STRING,
  campaign_id STRING,
  PRIMARY KEY (ad_id) NOT ENFORCED
) WITH (
  'connector' = 'jdbc',
  'url' = '$jdbc_url',
  'username' = '$user',
  'password' = '$password',
  'table-name' = 'ysb_ads',
  'lookup.cache' = 'PARTIAL',
  'lookup.partial-cache.max-rows' = '100000',
  'lookup.partial-cache.expire-after-write' = '10 min'
);

CREATE TABLE report (
  window_start TIMESTAMP(3),
  campaign_id STRING,
  `views` BIGINT
) WITH (
  'connector' = 'kafka',
  'topic' = '$report_topic',
  'properties.bootstrap.servers' = '$brokers',
  'properties.transaction.timeout.ms' = '600000',
  'sink.delivery-guarantee' = 'exactly-once',
  'sink.transactional-id-prefix' = '$id',
  'format' = 'json',
  'json.timestamp-format.standard' = 'ISO-8601'
);

CREATE TEMPORARY VIEW campaign_of_view AS
SELECT e.`at`, a.campaign_id
FROM ad_events AS e
LEFT JOIN ads FOR SYSTEM_TIME AS OF e.`now` AS a ON a.ad_id = e.ad_id
WHERE e.event_type = 'view';

INSERT INTO report
SELECT window_start, campaign_id, COUNT(*) AS `views`
FROM TABLE(TUMBLE(TABLE campaign_of_view, DESCRIPTOR(`at`), INTERVAL '10' SECOND))
GROUP BY window_start, window_end, campaign_id;
