-- Metadata of Strates
create table if not exists stratified_build (
	build_strate uuid not null primary key,
	scope varchar(64) not null,
	scope_id varchar(128) not null,
	status varchar(16) not null,
	label varchar(255),
	owner varchar(255) not null,
	base_release bigint not null,
	base_strate uuid,
	created_at timestamp(6) with time zone not null,
	sealed_at timestamp(6) with time zone,
	ended_at timestamp(6) with time zone,
	failure varchar(4000)
);
create index if not exists ix_stratified_build_scope on stratified_build (scope, scope_id, status);
create table if not exists stratified_build_heartbeat (
	build_strate uuid not null primary key,
	beat_at timestamp(6) with time zone not null,
	foreign key (build_strate) references stratified_build (build_strate) on delete cascade
);
create table if not exists stratified_build_metadata (
	build_strate uuid not null,
	name varchar(128) not null,
	content varchar(4000) not null,
	primary key (build_strate, name),
	foreign key (build_strate) references stratified_build (build_strate) on delete cascade
);
create table if not exists stratified_build_rows (
	build_strate uuid not null,
	entity varchar(255) not null,
	row_count bigint not null,
	primary key (build_strate, entity),
	foreign key (build_strate) references stratified_build (build_strate) on delete cascade
);
create table if not exists released_strates (
	scope varchar(64) not null,
	scope_id varchar(128) not null,
	build_strate uuid not null,
	previous_strate uuid,
	release_no bigint not null,
	released_at timestamp(6) with time zone not null,
	primary key (scope, scope_id)
);
create index if not exists ix_released_strates_released_at on released_strates (released_at);
create table if not exists strates_release_log (
	scope varchar(64) not null,
	scope_id varchar(128) not null,
	release_no bigint not null,
	build_strate uuid not null,
	previous_strate uuid,
	kind varchar(16) not null,
	restored_release bigint,
	overwritten_release bigint,
	reason varchar(4000),
	released_at timestamp(6) with time zone not null,
	primary key (scope, scope_id, release_no)
);
create table if not exists strates_write_behind (
	store_name varchar(255) not null primary key,
	owner varchar(255) not null,
	fence bigint not null,
	last_batch varchar(64),
	held_until timestamp(6) with time zone not null
);
create table if not exists strates_task (
	name varchar(64) not null primary key,
	owner varchar(255) not null,
	held_until timestamp(6) with time zone not null
);
-- Entities
create table debian_package (installed_size bigint, build_strate uuid not null, maintainer_id uuid, architecture varchar(100) not null, priority varchar(100), section_id varchar(100), suite_id varchar(100) not null, id varchar(200) not null, version varchar(200) not null, description varchar(10000), homepage varchar(10000), primary key (build_strate, id));
create table dependency (alternative integer not null, clause integer not null, relation varchar(2), type varchar(11) not null check ((type in ('DEPENDS','PRE_DEPENDS','RECOMMENDS'))), build_strate uuid not null, dependent_id varchar(200) not null, target varchar(200) not null, version varchar(200), id varchar(224) not null, primary key (build_strate, id));
create table maintainer (build_strate uuid not null, id uuid not null, suite_id varchar(100) not null, contact varchar(1000) not null, primary key (build_strate, id));
create table package_tag (build_strate uuid not null, debian_package_id varchar(200) not null, tag_id varchar(200) not null, id varchar(401) not null, primary key (build_strate, id));
create table package_views (views bigint not null, id varchar(300) not null, primary key (id));
create table section (build_strate uuid not null, id varchar(100) not null, suite_id varchar(100) not null, primary key (build_strate, id));
create table suite (build_strate uuid not null, id varchar(100) not null, primary key (build_strate, id));
create table tag (build_strate uuid not null, suite_id varchar(100) not null, id varchar(200) not null, primary key (build_strate, id));
create table watch (changed_at timestamp(6) with time zone not null, created_at timestamp(6) with time zone not null, suite varchar(64) not null, name varchar(200) not null, id varchar(300) not null, note varchar(2000) not null, primary key (id));
create index ix_debian_package_suite on debian_package (build_strate, suite_id);
create index ix_debian_package_maintainer on debian_package (build_strate, maintainer_id);
create index ix_debian_package_section on debian_package (build_strate, section_id);
create index dependency_target on dependency (build_strate, target);
create index ix_dependency_dependent on dependency (build_strate, dependent_id);
create index ix_maintainer_suite on maintainer (build_strate, suite_id);
create index ix_package_tag_debianPackage on package_tag (build_strate, debian_package_id);
create index ix_package_tag_tag on package_tag (build_strate, tag_id);
create index ix_section_suite on section (build_strate, suite_id);
create index ix_tag_suite on tag (build_strate, suite_id);
alter table if exists debian_package add constraint fk_debian_package_suite foreign key (build_strate, suite_id) references suite (build_strate, id);
alter table if exists debian_package add constraint fk_debian_package_maintainer foreign key (build_strate, maintainer_id) references maintainer (build_strate, id);
alter table if exists debian_package add constraint fk_debian_package_section foreign key (build_strate, section_id) references section (build_strate, id);
alter table if exists dependency add constraint fk_dependency_dependent foreign key (build_strate, dependent_id) references debian_package (build_strate, id);
alter table if exists maintainer add constraint fk_maintainer_suite foreign key (build_strate, suite_id) references suite (build_strate, id);
alter table if exists package_tag add constraint fk_package_tag_debianPackage foreign key (build_strate, debian_package_id) references debian_package (build_strate, id);
alter table if exists package_tag add constraint fk_package_tag_tag foreign key (build_strate, tag_id) references tag (build_strate, id);
alter table if exists section add constraint fk_section_suite foreign key (build_strate, suite_id) references suite (build_strate, id);
alter table if exists tag add constraint fk_tag_suite foreign key (build_strate, suite_id) references suite (build_strate, id);
