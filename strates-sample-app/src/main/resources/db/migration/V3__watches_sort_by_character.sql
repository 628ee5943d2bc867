-- As the packages that they are about.
alter table watch alter column name type varchar(200) collate "C";
