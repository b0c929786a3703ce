-- Tables of pipelines/trade.yaml: its dimension and its reports. May be run again; keeps what is there.
CREATE SCHEMA IF NOT EXISTS dim;
CREATE SCHEMA IF NOT EXISTS ads;

CREATE TABLE IF NOT EXISTS dim.province (
  id   text PRIMARY KEY,
  name text NOT NULL
);

CREATE TABLE IF NOT EXISTS ads.gmv_minute (
  window_start  timestamptz    NOT NULL,
  province_id   text           NOT NULL,
  province_name text,
  orders        bigint         NOT NULL,
  gmv           numeric(20, 2),
  PRIMARY KEY (window_start, province_id)
);

CREATE TABLE IF NOT EXISTS ads.order_status (
  order_status text   PRIMARY KEY,
  orders       bigint NOT NULL
);

INSERT INTO dim.province (id, name) VALUES
  ('1', 'Beijing'), ('2', 'Tianjin'), ('3', 'Shanxi'), ('4', '内蒙古'), ('5', 'Hebei'), ('6', 'Shanghai'),
  ('7', 'Jiangsu'), ('8', 'Zhejiang'), ('9', 'Anhui'), ('10', 'Fujian'), ('11', 'Jiangxi'), ('12', 'Shandong'),
  ('13', 'Chongqing'), ('14', 'Taiwan'), ('15', 'Heilongjiang'), ('16', 'Jilin'), ('17', 'Liaoning'),
  ('18', 'Shaanxi'), ('19', 'Gansu'), ('20', 'Ningxia'), ('21', 'Qinghai'), ('22', '新疆'), ('23', 'Henan'),
  ('24', 'Hubei'), ('25', 'Hunan'), ('26', 'Guangdong'), ('27', 'Guangxi'), ('28', 'Hainan'), ('29', 'Hong Kong'),
  ('30', 'Macao'), ('31', 'Sichuan'), ('32', 'Guizhou'), ('33', 'Yunnan'), ('34', 'Tibet')
ON CONFLICT (id) DO NOTHING;
