create table if not exists stratified_build (
	build_strate binary(16) not null primary key,
	scope varchar(64) not null,
	scope_id varchar(128) not null,
	status varchar(16) not null,
	label varchar(255),
	owner varchar(255) not null,
	base_release bigint not null,
	base_strate binary(16),
	created_at datetime(6) not null,
	sealed_at datetime(6),
	ended_at datetime(6),
	failure varchar(4000),
	index ix_stratified_build_scope (scope, scope_id, status)
) character set utf8mb4 collate utf8mb4_bin;
create table if not exists stratified_build_heartbeat (
	build_strate binary(16) not null primary key,
	beat_at datetime(6) not null,
	foreign key (build_strate) references stratified_build (build_strate) on delete cascade
) character set utf8mb4 collate utf8mb4_bin;
create table if not exists stratified_build_metadata (
	build_strate binary(16) not null,
	name varchar(128) not null,
	content varchar(4000) not null,
	primary key (build_strate, name),
	foreign key (build_strate) references stratified_build (build_strate) on delete cascade
) character set utf8mb4 collate utf8mb4_bin;
create table if not exists stratified_build_rows (
	build_strate binary(16) not null,
	entity varchar(255) not null,
	row_count bigint not null,
	primary key (build_strate, entity),
	foreign key (build_strate) references stratified_build (build_strate) on delete cascade
) character set utf8mb4 collate utf8mb4_bin;
create table if not exists released_strates (
	scope varchar(64) not null,
	scope_id varchar(128) not null,
	build_strate binary(16) not null,
	previous_strate binary(16),
	release_no bigint not null,
	released_at datetime(6) not null,
	primary key (scope, scope_id),
	index ix_released_strates_released_at (released_at)
) character set utf8mb4 collate utf8mb4_bin;
create table if not exists strates_release_log (
	scope varchar(64) not null,
	scope_id varchar(128) not null,
	release_no bigint not null,
	build_strate binary(16) not null,
	previous_strate binary(16),
	kind varchar(16) not null,
	restored_release bigint,
	overwritten_release bigint,
	reason varchar(4000),
	released_at datetime(6) not null,
	primary key (scope, scope_id, release_no)
) character set utf8mb4 collate utf8mb4_bin;
create table if not exists strates_write_behind (
	store_name varchar(255) not null primary key,
	owner varchar(255) not null,
	fence bigint not null,
	last_batch varchar(64),
	held_until datetime(6) not null
) character set utf8mb4 collate utf8mb4_bin;
create table if not exists strates_task (
	name varchar(64) not null primary key,
	owner varchar(255) not null,
	held_until datetime(6) not null
) character set utf8mb4 collate utf8mb4_bin;
