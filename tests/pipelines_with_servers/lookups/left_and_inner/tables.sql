DROP TABLE IF EXISTS golden_shop, golden_status;
CREATE TABLE golden_shop (city text, id int, name text, opened text, PRIMARY KEY (city, id));
INSERT INTO golden_shop VALUES ('rome', 1, 'uno', '2024-01-01'), ('rome', 2, NULL, '2024-02-01'),
                               ('oslo', 1, '店', NULL), ('oslo', 2, 'due', 'soon');
CREATE TABLE golden_status (code text PRIMARY KEY, label text, is_open boolean);
INSERT INTO golden_status VALUES ('new', 'to be paid', true), ('paid', 'to be sent', true),
                                 ('done', 'sent', false);
