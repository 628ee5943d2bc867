-- Names sort by their characters, whatever the language of the database is: lists come in
-- the same order everywhere, straight from the index. Both sides of a foreign key change.
alter table section alter column id type varchar(100) collate "C";
alter table tag alter column id type varchar(200) collate "C";
alter table debian_package
	alter column id type varchar(200) collate "C",
	alter column section_id type varchar(100) collate "C";
alter table dependency
	alter column dependent_id type varchar(200) collate "C",
	alter column target type varchar(200) collate "C";
alter table package_tag
	alter column debian_package_id type varchar(200) collate "C",
	alter column tag_id type varchar(200) collate "C";
