package io.strates.query.hibernate;

import java.util.List;

import io.strates.entity.StratifiedTable;
import io.strates.entity.StratifiedTable.Kind;
import io.strates.entity.StratifiedType;
import io.strates.shop.Catalog;
import io.strates.shop.Media;
import io.strates.shop.Product;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link StatementCheck}.
 */
class StatementCheckTests {

	private static final StratifiedType PRODUCT = new StratifiedType(Product.class, "catalog", false, null, Long.class);

	private static final StratifiedType CATALOG = new StratifiedType(Catalog.class, "catalog", true, "shop",
			Long.class);

	private static final StratifiedType MEDIA = new StratifiedType(Media.class, "catalog", false, null, Long.class);

	private final StatementCheck check = new StatementCheck(
			List.of(table("product", PRODUCT, "build_strate"), table("shop.catalog", CATALOG, "build_strate"),
					table("media_labels", MEDIA, "media_build_strate"), table("\"Order\"", MEDIA, "build_strate")));

	private static StratifiedTable table(String name, StratifiedType type, String buildColumn) {
		return new StratifiedTable(name, name.substring(name.indexOf('.') + 1), type, Kind.ENTITY, buildColumn, "id",
				List.of("name"));
	}

	@ParameterizedTest
	@ValueSource(strings = { //
			"select * from currency", //
			"select 'from product'", //
			"select 1 -- from product", //
			"select 1 /* from product */ from currency", //
			"select $$from product$$, $tag$ from product $tag$", //
			"select * from products", //
			"select * from product_archive p", //
			"select product from currency", //
			"select c.product from currency c where c.product = 1", //
			"select * from currency product where product.code = 'x'", //
			"select * from currency as product", //
			"select * from archive.catalog", //
			"select nextval('product_seq')", //
			"select extract(year from product) from currency", //
			"with product as (select * from currency) select * from product", //
			"create table product (id bigint)", //
			"alter table if exists product add constraint fk foreign key (x) references shop.catalog", //
			"create index ix on product (build_strate)" })
	void verdictOnAStatementThatReadsNoStratifiedTableIsFine(String sql) {
		assertThat(this.check.verdict(sql)).isEqualTo(StatementCheck.Verdict.FINE);
	}

	@ParameterizedTest
	@ValueSource(strings = { //
			"select * from product where build_strate = ?", //
			"SELECT * FROM PRODUCT WHERE BUILD_STRATE = ?", //
			"select * from product where build_strate = ? and (name like ? escape '\\' or x like ? escape '\\')", //
			"select * from product p where (p.name like ? escape '\\') and p.build_strate = ?", //
			"select * from \"product\" p where p.\"build_strate\" = ?", //
			"select * from `product` where `product`.`build_strate`=?", //
			"select * from \"Order\" o where o.build_strate = ?", //
			"select * from shop.catalog where shop.catalog.build_strate = ?", //
			"select * from product as p where ? = p.build_strate", //
			"select * from product where (build_strate = ?)", //
			"select * from product where ((((build_strate)) = (?)))", //
			"select * from product where build_strate = cast(? as uuid)", //
			"select * from product where build_strate = ?::uuid", //
			"select * from product where build_strate = uuid '0198'", //
			"select * from product where build_strate = current_setting('strates.catalog', true)::uuid", //
			"select * from product where build_strate = :build", //
			"select * from product where build_strate = $1", //
			"select * from product where build_strate in (?, ?)", //
			"select * from product where build_strate = any(?)", //
			"select * from product where build_strate is not distinct from ?", //
			"select * from product where build_strate = (select build_strate from released_strates where scope = ?)", //
			"select * from product where price between ? and ? and build_strate = ?", //
			"select * from product where case when a = 1 or b = 2 then 1 else 0 end = 1 and build_strate = ?", //
			"select * from product where (price = 1 or price = 2) and build_strate = ?", //
			"select * from product where (id = ? and build_strate = ?) or (id = ? and build_strate = ?)", //
			"select * from product p where (p.id, p.build_strate) = (?, ?)", //
			"select * from product p where (p.build_strate, p.id) in ((?, ?), (?, ?))", //
			"select * from product p where (p.build_strate, p.id) in (select ?, ?)", //
			"select * from product where 1 = 0", //
			"select * from product p where (1=0) and p.id = ?", //
			"select * from product p where p.build_strate = ? for update of p skip locked", //
			"select * from product p where p.build_strate = ? order by p.id limit ? offset ?", //
			"table released_strates; select * from product where build_strate = ?", //
			"explain (analyze, buffers) select * from product where build_strate = ?", //
			"prepare p (uuid) as select * from product where build_strate = $1", //
			"set statement max_statement_time=1 for select * from product where build_strate = ?", //
			"create table copy as select * from product where build_strate = ?", //
			"copy (select * from product where build_strate = ?) to stdout", //
			"select * from product where data #>> '{a}' = ? and build_strate = ?", //
			"select * from product p where p.build_strate = ? and case when p.end = 1 then 1 else 2 end = 1", //
			"explain analyze select * from product where build_strate = ?" })
	void verdictOnAFixedTableIsFine(String sql) {
		assertThat(this.check.verdict(sql).problem()).isNull();
	}

	@ParameterizedTest
	@ValueSource(strings = { //
			"select * from product", //
			"SELECT * FROM Product", //
			"select * from\"product\"", //
			"select*from(product)", //
			"select * from public.product", //
			"select * from only product", //
			"select * from product *", //
			"table product", //
			"select * from product /* where build_strate = ? */", //
			"select * from product -- where build_strate = ?", //
			"select 'where build_strate = ?' from product", //
			"select * from /*! product */", //
			"select * from currency, product", //
			"select * from currency c, lateral (select * from product) p", //
			"select * from currency where exists (select 1 from product)", //
			"select (select count(*) from product)", //
			"select * from (select * from product) p where p.build_strate = ?", //
			"explain select * from product", //
			"select 1; select * from product", //
			"(select * from product)", //
			"select * from product where build_strate is not null", //
			"select * from product where build_strate <> ?", //
			"select * from product where build_strate != ?", //
			"select * from product where build_strate >= ?", //
			"select * from product where build_strate <= ?", //
			"select * from product where build_strate > ?", //
			"select * from product where build_strate between ? and ?", //
			"select * from product where build_strate like ?", //
			"select * from product where build_strate not in (?)", //
			"select * from product where not build_strate = ?", //
			"select * from product where not (build_strate = ?)", //
			"select * from product where build_strate = ? or 1 = 1", //
			"select * from product where 1 = 0 or id = ?", //
			"select * from product where 1 = 1 or (build_strate = ? and id = ?)", //
			"select * from product where (build_strate = ?) is not true", //
			"select * from product where build_strate = build_strate", //
			"select * from product p where p.build_strate = p.build_strate", //
			"select * from product where build_strate = other", //
			"select * from product where build_strate = coalesce(?, build_strate)", //
			"select * from product p where p.build_strate = coalesce(?, p.build_strate)", //
			"select * from product p where case when ? then p.build_strate = ? else true end", //
			"select * from product where coalesce(build_strate = ?, true)", //
			"select build_strate = ? from product", //
			"select * from product order by build_strate = ?", //
			"select * from product group by id having max(build_strate) = ?", //
			"select * from product p(build_strate, id) where build_strate = ?", //
			"select * from product where product_archive.build_strate = ?", //
			"select * from product p where (p.id, p.name) in ((?, ?))", //
			"select * from product p where (p.build_strate, p.id) not in ((?, ?))", //
			"select * from product /* x /* y */ where build_strate = ? /* z */ */", //
			"select * from product # where build_strate = ?", //
			"select * from product /*! where build_strate = ? */", //
			"select 1 /*M! from product */", //
			"explain (analyze, buffers) select * from product", //
			"prepare p (uuid) as select * from product", //
			"set statement max_statement_time=1 for select * from product", //
			"begin not atomic select * from product; end", //
			"create table copy as select * from product", //
			"create temporary table copy select * from product", //
			"copy product (id, name) to stdout", //
			"select * from product p where p.build_strate = ? and p.end > ? or p.start is null", //
			"select * from product where build_strate = ? and end > ? or start is null", //
			"select * from product where a = 1 xor b = 2 and build_strate = ?", //
			"select * from product where build_strate = all (select build_strate from released_strates where scope_id = ?)", //
			"select * from product where build_strate = (select build_strate)", //
			"select * from product p where p.build_strate = (select p.build_strate)", //
			"select * from product p where p.build_strate in (select b.build_strate from stratified_build b where b.build_strate = p.build_strate)", //
			"select * from product p where p.id in (select id from currency where build_strate = ?)", //
			"select * from product p where exists (select 1 from currency where p.build_strate = ?)" })
	void verdictOnATableThatIsNotFixedIsAProblem(String sql) {
		assertThat(this.check.verdict(sql).problem()).contains("without fixing its build");
	}

	@ParameterizedTest
	@ValueSource(strings = { //
			"select * from product p join shop.catalog c on c.build_strate = p.build_strate where p.build_strate = ?", //
			"select * from product p join catalog c using (build_strate, id) where p.build_strate = ?", //
			"select * from product p join catalog c on c.id = p.catalog_id and p.build_strate = c.build_strate and c.build_strate = ?", //
			"select * from product p left join catalog c on c.id = p.c and c.build_strate = p.build_strate where p.build_strate = ?", //
			"select * from product p left join catalog c on c.id = p.c and c.build_strate = ? where p.build_strate = ?", //
			"select * from catalog c right join product p on c.build_strate = p.build_strate where p.build_strate = ?", //
			"select * from product p, catalog c where p.build_strate = c.build_strate and ? = c.build_strate", //
			"select * from product p, catalog c where (p.c, p.build_strate) = (c.id, c.build_strate) and c.build_strate = ?", //
			"select * from (product p join catalog c on c.build_strate = p.build_strate) where p.build_strate = ?", //
			"select * from product p left join (catalog c join product q on q.build_strate = c.build_strate) on c.build_strate = p.build_strate where p.build_strate = ?", //
			"select * from product p join media_labels l on l.media_id = p.id and l.media_build_strate = p.build_strate where p.build_strate = ?", //
			"select * from product p where p.build_strate = ? and exists (select 1 from catalog c where c.id = p.c and c.build_strate = p.build_strate)", //
			"select (select count(1) from product i where c.id = i.c and c.build_strate = i.build_strate) from catalog c where c.build_strate = ?", //
			"select * from product p join (select build_strate, max(price) m from product where build_strate = ? group by build_strate) x on x.build_strate = p.build_strate", //
			"select * from catalog c join lateral (select t.build_strate from product t where t.build_strate = c.build_strate) x on true join product p on p.build_strate = x.build_strate where c.build_strate = ?", //
			"delete from product p where (p.id, p.build_strate) in (select p.id, p.build_strate from product p where p.build_strate = ?)", //
			"with x as (select id from product where build_strate = ?) select * from x", //
			"with x as (select * from product where build_strate = ?) select * from x join catalog c on c.build_strate = x.build_strate", //
			"with recursive x as (select * from product where build_strate = ? union all select p.* from x join product p on p.build_strate = x.build_strate) select * from x", //
			"select id from product where build_strate = ? union all select id from catalog where build_strate = ?", //
			"(select id from product where build_strate = ?) union (select id from catalog where build_strate = ?) order by 1" })
	void verdictOnSeveralFixedTablesIsFine(String sql) {
		assertThat(this.check.verdict(sql).problem()).isNull();
	}

	@ParameterizedTest
	@ValueSource(strings = { //
			"select * from product p join catalog c on c.id = p.c where p.build_strate = ?", //
			"select * from product p, catalog c where p.build_strate = ?", //
			"select * from product p join product q on q.id = p.successor_id where p.build_strate = ?", //
			"select * from product p left join catalog c on c.build_strate = p.build_strate and p.build_strate = ?", //
			"select * from product p left join catalog c on c.build_strate = p.build_strate where c.build_strate = ?"
					+ " or p.id = 1", //
			"select * from product p right join catalog c on c.build_strate = p.build_strate and c.build_strate = ?", //
			"select * from product p full join catalog c on c.build_strate = p.build_strate and p.build_strate = ?", //
			"select * from product p cross join catalog c where p.build_strate = ?", //
			"select * from product p where p.build_strate = (select max(c.build_strate) from catalog c where c.build_strate = p.build_strate)", //
			"select * from product p where (p.c, p.build_strate) in (select c.id, c.build_strate from catalog c where c.build_strate = p.build_strate)", //
			"select * from product p join lateral (select c.build_strate from catalog c where c.build_strate = p.build_strate) x on x.build_strate = p.build_strate", //
			"select * from product p, catalog c join currency x on build_strate = ? where c.build_strate = ?", //
			"select * from product p left join (currency b join catalog c on build_strate = ?) on c.id = p.c", //
			"select * from product p join catalog c on c.build_strate = p.build_strate", //
			"select * from product p join released_strates r on r.build_strate = p.build_strate", //
			"select * from product p join (select build_strate from released_strates) r on r.build_strate = p.build_strate", //
			"select id from product where build_strate = ? union select id from product", //
			"select id from product union all select id from catalog where build_strate = ?", //
			"select id from product where build_strate = ? except (select id from product)", //
			"with x as (select id from product) select * from x", //
			"with product as (select * from product) select * from product where build_strate = ?", //
			"with x as (select id from product where build_strate = ?) select * from x, catalog", //
			"select * from product p where p.build_strate = ? and exists (select 1 from product p where p.id = 1)", //
			"select (select max(p.id) from product p where p.build_strate = ?), (select min(p.id) from product p)" })
	void verdictWhenOnlySomeOfTheTablesAreFixedIsAProblem(String sql) {
		assertThat(this.check.verdict(sql).problem()).contains("without fixing its build");
	}

	@ParameterizedTest
	@ValueSource(strings = { //
			"select l.media_build_strate as build_strate from media_labels l where l.media_build_strate = ?", //
			"select l.media_build_strate build_strate from media_labels l where l.media_build_strate = ?", //
			"select distinct on (s.id) s.id, s.build_strate from catalog s where s.build_strate = ?", //
			"select max(s.build_strate) as build_strate from catalog s where s.build_strate = ?", //
			"select cast(s.build_strate as uuid) as build_strate from catalog s where s.build_strate = ?", //
			"select s.other as build, (s.build_strate) from catalog s where s.build_strate = ?", //
			"select ? as build_strate", //
			"select i.build_strate from (select s.* from catalog s where s.build_strate = ?) i", //
			"select s.build_strate, s.id from catalog s where s.build_strate = ? union select l.media_build_strate, 1 from media_labels l where l.media_build_strate = ?" })
	void verdictOnATableThatTakesTheBuildOfASubqueryIsFine(String subquery) {
		assertThat(this.check.verdict(joinedToDerivedTable(subquery)).problem()).isNull();
		assertThat(this.check.verdict(joinedToCommonTable("x", subquery)).problem()).isNull();
	}

	@ParameterizedTest
	@ValueSource(strings = { //
			"select s.other as build_strate from catalog s where s.build_strate = ?", //
			"select s.other build_strate from catalog s where s.build_strate = ?", //
			"select other \"build_strate\" from catalog s where s.build_strate = ?", //
			"select distinct s.other as BUILD_STRATE from catalog s where s.build_strate = ?", //
			"select max(s.other) as build_strate from catalog s where s.build_strate = ?", //
			"select coalesce(s.other, s.build_strate) as build_strate from catalog s where s.build_strate = ?", //
			"select s.*, s.other as build_strate from catalog s where s.build_strate = ?", //
			"select i.other as build_strate from (select s.* from catalog s where s.build_strate = ?) i", //
			"select i.* from (select s.other as build_strate from catalog s where s.build_strate = ?) i", //
			"select build_strate from media_labels l where l.media_build_strate = ?", //
			"select s.build_strate, s.other from catalog s where s.build_strate = ? union select s.other, s.build_strate from catalog s where s.build_strate = ?", //
			"(select s.build_strate from catalog s where s.build_strate = ?) union all (select s.other from catalog s where s.build_strate = ?)", //
			"select s.build_strate from catalog s where s.build_strate = ? union select * from catalog s where s.build_strate = ?" })
	void verdictOnATableThatTakesAnotherColumnOfASubqueryForTheBuildIsAProblem(String subquery) {
		assertThat(this.check.verdict(joinedToDerivedTable(subquery)).problem()).contains("product", "without fixing");
		assertThat(this.check.verdict(joinedToCommonTable("x", subquery)).problem()).contains("product",
				"without fixing");
		assertThat(this.check.verdict(joinedToCommonTable("recursive x", subquery)).problem()).contains("product",
				"without fixing");
	}

	@Test
	void verdictOnACommonTableWithColumnNamesGoesByThePlaceOfTheBuild() {
		String body = "select s.id, s.build_strate from catalog s where s.build_strate = ?";
		String itself = body + " union all select x.id, x.other from x";
		String through = "select s.other, 1 from catalog s where s.build_strate = ?"
				+ " union all select p.build_strate, 1 from x join product p on p.build_strate = x.build_strate";

		assertThat(this.check.verdict(joinedToCommonTable("x (a, build_strate)", body)).problem()).isNull();
		assertThat(this.check.verdict(joinedToCommonTable("recursive x (a, build_strate)", body)).problem()).isNull();
		assertThat(this.check.verdict(joinedToCommonTable("x (build_strate, a)", body)).problem()).isNotNull();
		assertThat(this.check.verdict(joinedToCommonTable("recursive x (build_strate, a)", body)).problem())
			.isNotNull();
		assertThat(this.check.verdict(joinedToCommonTable("recursive x (a, build_strate)", itself)).problem())
			.isNotNull();
		assertThat(
				this.check.verdict("with recursive x (build_strate, a) as (" + through + ") select a from x").problem())
			.contains("product (as p)");
	}

	private static String joinedToDerivedTable(String subquery) {
		return "select p.* from (" + subquery + ") x join product p on p.build_strate = x.build_strate";
	}

	private static String joinedToCommonTable(String name, String subquery) {
		return "with " + name + " as (" + subquery
				+ ") select p.* from x join product p on p.build_strate = x.build_strate";
	}

	@ParameterizedTest
	@ValueSource(strings = { //
			"insert into product (build_strate, id) values (?, ?)", //
			"insert into product values (?, ?) on conflict do nothing", //
			"insert ignore product (id) values (?)", //
			"insert into product (id) select id from product where build_strate = ?", //
			"insert into product (id) (select id from currency)", //
			"copy product (id, name) from stdin", //
			"insert into \"PRODUCT\" select * from currency", //
			"replace into product values (?)", //
			"update product set price = ? where id = ? and build_strate = ?", //
			"update ignore product set price = ? where build_strate = ?", //
			"update product p set price = c.price from catalog c where c.build_strate = p.build_strate and p.build_strate = ?", //
			"update product p join catalog c on c.build_strate = p.build_strate set p.price = 1 where p.build_strate = ?", //
			"delete from product where build_strate = ? and id = ?", //
			"delete p from product p where p.build_strate = ?", //
			"delete from product where ctid = any(array(select ctid from product where build_strate = ? limit 5))", //
			"delete from product where _rowid_ in (select _rowid_ from product where build_strate = ? limit 5)", //
			"delete from product p using catalog c where c.build_strate = p.build_strate and c.build_strate = ?", //
			"with x as (delete from product where build_strate = ? returning id) select * from x", //
			"merge into product t using (select ? id, ? build_strate) s on (t.id = s.id and t.build_strate = s.build_strate) when not matched then insert values (s.id)" })
	void verdictOnAFixedChangeIsThatItWrites(String sql) {
		assertThat(this.check.verdict(sql)).extracting(StatementCheck.Verdict::writes, StatementCheck.Verdict::problem)
			.containsExactly(true, null);
	}

	@ParameterizedTest
	@ValueSource(strings = { //
			"update product set price = 1", //
			"update product set build_strate = ?", //
			"update product set price = 1 where id = (select 1 from currency where build_strate = ?)", //
			"update product p set price = 1 from catalog c where c.build_strate = ?", //
			"delete from product", //
			"delete from only product where id = ?", //
			"delete from product where ctid = any(array(select ctid from product limit 5))", //
			"explain (analyze) delete from product", //
			"delete from product where ctid = ?", //
			"delete from product p using catalog c where c.id = p.c and c.build_strate = ?", //
			"insert into product select * from product", //
			"insert into product (build_strate, id) select ?, id from product", //
			"merge into product t using currency s on (t.id = s.id) when matched then update set price = 1", //
			"merge into product t using currency s on (t.build_strate = ?) when not matched by source then delete", //
			"truncate product", //
			"truncate table currency, product cascade" })
	void verdictOnAChangeThatIsNotFixedIsAProblem(String sql) {
		StatementCheck.Verdict verdict = this.check.verdict(sql);

		assertThat(verdict.problem()).isNotNull();
		assertThat(verdict.writes()).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { //
			"insert into currency select code from product where build_strate = ?", //
			"update currency set name = p.name from product p where p.build_strate = ?", //
			"delete from currency using product p where p.build_strate = ?", //
			"select p.id from product p where p.build_strate = ? for no key update of p", //
			"select replace(name, 'a', 'b') from product where build_strate = ?" })
	void verdictOnAStatementThatOnlyReadsAStratifiedTableIsThatItDoesNotWrite(String sql) {
		assertThat(this.check.verdict(sql)).isEqualTo(StatementCheck.Verdict.FINE);
	}

	@ParameterizedTest
	@ValueSource(strings = { //
			"select '\\' || name || ' from product where build_strate = ' from currency", //
			"select '\\', 1 from product -- '", //
			"select e'\\'' , 1 from product -- '" })
	void verdictOnABackslashInALiteralAssumesTheWorseMeaning(String sql) {
		boolean read = sql.contains(", 1 from product") || sql.contains(" , 1 from");

		assertThat(this.check.verdict(sql).problem() != null).isEqualTo(read);
	}

	@Test
	void problemNamesTableAliasAndScope() {
		StatementCheck.Verdict verdict = this.check.verdict("select * from shop.catalog c");

		assertThat(verdict.problem())
			.isEqualTo("The statement names the stratified table shop.catalog (as c) without fixing its build");
		assertThat(verdict.remedy()).contains("build_strate", "queries.current(\"catalog\")");
	}

}
