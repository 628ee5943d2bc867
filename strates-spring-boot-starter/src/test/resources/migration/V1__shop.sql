create table shop (build_strate uuid not null, id bigint not null, code varchar(255), primary key (build_strate, id));
create table product (build_strate uuid not null, id bigint not null, name varchar(255), price integer not null, shop_id bigint, primary key (build_strate, id));
create index ix_product_shop on product (build_strate, shop_id);
alter table product add constraint fk_product_shop foreign key (build_strate, shop_id) references shop;
create table note (id bigint not null, content varchar(255), primary key (id));
